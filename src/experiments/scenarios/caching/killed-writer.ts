import { CacheTrial } from '../../apparatus/caching/cache-trial.js';
import { readUntilExpired } from '../../apparatus/caching/read-for.js';
import { WriterProcess } from '../../apparatus/caching/writer-process.js';
import { sharedClock } from '../../apparatus/timeline.js';
import type { CacheExperiment, Servers } from '../../experiment.js';
import { type WriterVariant, writerVariants } from './killed-writer-variants.js';

/** Of the product, once its price was changed for the first time. */
const NEW_VERSION = 2;

/**
 * A process of its own changes the price, and is killed right behind the commit. Whoever evicts
 * after the commit never comes to it, and the others answer with the old price until its TTL ends.
 *
 * The product's writer held the cache off before it committed, so there is nothing left to do: while
 * the hold-off stands readers ask the database, and when it ends by itself they fill the cache anew.
 */
export const killedWriter: CacheExperiment = {
  id: 'killed-writer',
  title: 'Writer killed behind its commit',
  question: 'The price is committed, and its writer is gone. Who evicts the old one?',
  run: async (servers) => {
    const reports = [];
    for (const variant of Object.keys(writerVariants) as WriterVariant[]) {
      reports.push(await killWriter(servers, variant));
    }
    return reports;
  },
};

async function killWriter({ databaseUrl, redisUrl }: Servers, variant: WriterVariant) {
  // What a process can be given.
  const servers = { databaseUrl, redisUrl };
  await using trial = await CacheTrial.open(servers);
  const b = await trial.instance('B', writerVariants[variant]);
  await using writer = new WriterProcess(
    new URL('./killed-writer-process.js', import.meta.url),
    { servers, names: trial.names, variant },
    trial.timeline.noteFor('A'),
  );
  await writer.ready;
  await b.read();
  writer.write();
  await writer.committed;
  trial.record.acknowledged(NEW_VERSION, sharedClock());
  await writer.kill();
  await readUntilExpired(b);
  return trial.report(variant);
}
