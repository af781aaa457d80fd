import type { ExperimentOptions, LockExperiment, Servers } from '../../experiment.js';
import { PausedThread } from '../../support/locking/paused-thread.js';
import { WalletRun } from '../../support/locking/wallet-run.js';
import { type HolderVariant, holderVariants } from './paused-holder-variants.js';

/**
 * The lease of R1, in milliseconds. It is shorter than the product's, because R2 waits until it
 * ends.
 */
const LEASE_MS = 400;

/**
 * R1 takes the lock and reads. Then its thread stops, as in a garbage collection or on a suspended
 * machine, so nothing renews its lease. The lease ends, and R2 takes the lock, charges and commits.
 * Then R1 continues, and writes a balance that is based on an old value.
 *
 * No lock with a lease can prevent this. Either the holder checks right before the commit that it
 * still holds the lease, or the database compares the version that was read. The product does both:
 * the check knows only the clocks of its process, and the version guards the row.
 */
export const pausedHolder: LockExperiment = {
  id: 'paused-holder',
  title: 'Holder paused past its lease',
  question: 'Steps, order and key are right. What does R1 know when it wakes?',
  async run(servers, options = {}) {
    const reports = [];
    for (const variant of Object.keys(holderVariants) as HolderVariant[]) {
      reports.push(await pauseHolder(servers, variant, options));
    }
    return reports;
  },
};

async function pauseHolder(
  { databaseUrl, redisUrl }: Servers,
  variant: HolderVariant,
  { onStep }: ExperimentOptions,
) {
  // Only this data can be passed to a thread.
  const servers = { databaseUrl, redisUrl };
  const { save, order } = holderVariants[variant];
  await using run = await WalletRun.open(servers, { save, ...(onStep && { onStep }) });
  await using thread = new PausedThread(
    new URL('./paused-holder-thread.js', import.meta.url),
    { servers, names: run.names, variant, leaseMs: LEASE_MS },
    run.timeline.noteFor('R1'),
  );
  await thread.paused;
  await run.send('R2', order());
  thread.resume();
  run.count(await thread.acknowledged);
  return await run.report(variant);
}
