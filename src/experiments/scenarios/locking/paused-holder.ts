import type { ExperimentOptions, LockExperiment, Servers } from '../../experiment.js';
import { PausedThread } from '../../support/locking/paused-thread.js';
import { WalletRun } from '../../support/locking/wallet-run.js';
import { type HolderVariant, holderVariants } from './paused-holder-variants.js';

/** R1's lease; shorter than the product's, for R2 has to wait until it is over. */
const LEASE_MS = 400;

/**
 * R1 takes the lock, reads, and is stopped as by a garbage collection or a suspended machine: its
 * thread stands still, so nothing renews its lease. The lease ends, R2 takes the lock, charges and
 * commits. Then R1 goes on where it was, and writes what it made of a balance long replaced.
 *
 * No lock with a lease can prevent this. Either the holder asks, right before it commits, whether
 * it still holds the lease, or the database compares the version that was read; the product does
 * both, since the check knows only this process's clocks, and the guard knows the row.
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
  // What a thread can be given.
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
