import type { CacheExperiment, ExperimentOptions, Servers } from '../../experiment.js';
import { CacheRun } from '../../support/caching/cache-run.js';
import { readUntilExpired } from '../../support/caching/reads.js';
import { WriterProcess } from '../../support/caching/writer-process.js';
import { sharedClock } from '../../support/timeline.js';
import { type WriterVariant, writerVariants } from './killed-writer-variants.js';

/** Version of the product after its first change. */
const NEW_VERSION = 2;

/**
 * A process changes the price and is killed right after the commit. A writer that evicts after the
 * commit never evicts in this case, and other instances serve the old price until its TTL ends.
 *
 * The writer of the product sets a write intent before it commits, so nothing is left to do after
 * the commit. While the intent exists, readers ask the database. When it expires, they fill the
 * cache again.
 */
export const killedWriter: CacheExperiment = {
  id: 'killed-writer',
  title: 'Writer killed behind its commit',
  question: 'The price is committed, and its writer is gone. Who evicts the old one?',
  run: async (servers, options) => {
    const reports = [];
    for (const variant of Object.keys(writerVariants) as WriterVariant[]) {
      reports.push(await killWriter(servers, variant, options));
    }
    return reports;
  },
};

async function killWriter(
  { databaseUrl, redisUrl }: Servers,
  variant: WriterVariant,
  options?: ExperimentOptions,
) {
  // Only this data can be passed to a process.
  const servers = { databaseUrl, redisUrl };
  await using run = await CacheRun.open(servers, options);
  const b = await run.instance('B', writerVariants[variant]);
  await using writer = new WriterProcess(
    new URL('./killed-writer-process.js', import.meta.url),
    { servers, names: run.names, variant },
    run.timeline.noteFor('A'),
  );
  await writer.ready;
  await b.read();
  writer.write();
  await writer.committed;
  run.record.acknowledged(NEW_VERSION, sharedClock());
  await writer.kill();
  await readUntilExpired(b);
  return run.report(variant);
}
