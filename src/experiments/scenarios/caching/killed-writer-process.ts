import { AnswerRecord } from '../../apparatus/caching/answer-record.js';
import { type CacheTrialNames, openCatalogue } from '../../apparatus/caching/cache-trial.js';
import { NEW_PRICE } from '../../apparatus/caching/catalogue-table.js';
import { BOUND_MS } from '../../apparatus/caching/product-cache.js';
import { ShopInstance } from '../../apparatus/caching/shop-instance.js';
import type { WriterMessage } from '../../apparatus/caching/writer-process.js';
import { type Note, sharedClock } from '../../apparatus/timeline.js';
import type { Servers } from '../../experiment.js';
import { type WriterVariant, writerVariants } from './killed-writer-variants.js';

/** The instance that is killed, with connections of its own. */
interface WriterData {
  readonly servers: Servers;
  readonly names: CacheTrialNames;
  readonly variant: WriterVariant;
}

const { servers, names, variant } = JSON.parse(process.argv[2] ?? '') as WriterData;
const tell = (message: WriterMessage) => process.send?.(message);
const note: Note = (step, detail) => tell({ step, detail, atMs: sharedClock() });

const resources = new AsyncDisposableStack();
const database = openCatalogue(servers.databaseUrl, names.table, resources);
const place = { redisUrl: servers.redisUrl, prefix: names.prefix, name: 'A', note, resources };
const cache = await writerVariants[variant](place);
const instance = new ShopInstance(database, cache, new AnswerRecord(BOUND_MS), note);
instance.transactions.afterCommit = async () => {
  tell({ committed: true });
  // Nothing comes after the commit any more.
  await new Promise<never>(() => {});
};
process.once('message', () => void instance.change(NEW_PRICE));
tell({ ready: true });
