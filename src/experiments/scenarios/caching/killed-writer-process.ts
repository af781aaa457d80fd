import type { Servers } from '../../experiment.js';
import { AnswerRecord } from '../../support/caching/answer-record.js';
import { type CacheRunNames, openCatalogue } from '../../support/caching/cache-run.js';
import { NEW_PRICE } from '../../support/caching/catalogue-table.js';
import { BOUND_MS } from '../../support/caching/product-cache.js';
import { ShopInstance } from '../../support/caching/shop-instance.js';
import type { WriterMessage } from '../../support/caching/writer-process.js';
import { type Note, sharedClock } from '../../support/timeline.js';
import { type WriterVariant, writerVariants } from './killed-writer-variants.js';

/** Arguments of the process that is killed. */
interface WriterData {
  readonly servers: Servers;
  readonly names: CacheRunNames;
  readonly variant: WriterVariant;
}

const { servers, names, variant } = JSON.parse(process.argv[2] ?? '') as WriterData;
const report = (message: WriterMessage) => process.send?.(message);
const note: Note = (step, detail) => report({ step, detail, atMs: sharedClock() });

// The parent shows the cause; without this it would know only the exit code.
process.once('uncaughtException', (error: Error) => {
  process.send?.({ failed: error.message } satisfies WriterMessage, () => process.exit(1));
});

const resources = new AsyncDisposableStack();
const database = openCatalogue(servers.databaseUrl, names.table, resources);
const backend = { backend: servers, prefix: names.prefix, name: 'A', note, resources };
const cache = await writerVariants[variant](backend);
const instance = new ShopInstance(database, cache, new AnswerRecord(BOUND_MS), note);
instance.transactions.afterCommit = async () => {
  report({ committed: true });
  // Nothing more is done after the commit.
  await new Promise<never>(() => {});
};
process.once('message', () => void instance.change(NEW_PRICE));
report({ ready: true });
