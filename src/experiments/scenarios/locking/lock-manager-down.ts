import { setTimeout as pause } from 'node:timers/promises';
import { FallingBackLock } from '../../../adapters/lock/layers/1-falling-back-lock.js';
import type { Lock } from '../../../adapters/lock/lock.js';
import { LockPortAdapter } from '../../../adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { type LockPort, LockUnavailableError } from '../../../domain/ports/lock-port.js';
import type { ExperimentOptions, LockExperiment, Servers } from '../../experiment.js';
import { CarelessLock } from '../../naive/careless-lock.js';
import { atOnce } from '../../support/at-once.js';
import { OutagePauses } from '../../support/locking/outage-pauses.js';
import type { StepOrder } from '../../support/locking/timeline-request.js';
import { WalletRun } from '../../support/locking/wallet-run.js';
import { compareAndSet, overwrite, type SaveWallet } from '../../support/locking/wallet-table.js';
import { charge, WALLET } from '../../support/locking/wallet-work.js';
import { openLock } from '../../support/open-lock.js';

interface Variant {
  readonly name: string;
  readonly save: SaveWallet;
  lock(redis: Lock): LockPort;
}

const VARIANTS: readonly Variant[] = [
  {
    name: 'refuses without the lock',
    save: overwrite,
    lock: (redis) => new LockPortAdapter(redis),
  },
  {
    name: 'goes on without a lock',
    save: overwrite,
    lock: (redis) => new CarelessLock(new LockPortAdapter(redis)),
  },
  {
    name: 'row locks and versions (the service)',
    save: compareAndSet,
    lock: (redis) => new LockPortAdapter(new FallingBackLock(redis)),
  },
];

/** Longest time until Redis grants locks again. */
const LONGEST_RETURN_MS = 10_000;

/**
 * R1 holds the lock and has read, R2 and R3 wait for it, and Redis is killed. R4 comes while Redis is
 * down, R5 after it is up again.
 *
 * A service that refuses requests loses nothing and serves no one. A service that continues without a
 * lock serves everyone and loses the updates that are overwritten. This service locks rows in the
 * database instead. R2 and R3 do not see the lock of R1, so the version of the row refuses R1's update,
 * and R1 is tried again.
 */
export const lockManagerDown: LockExperiment = {
  id: 'lock-manager-down',
  title: 'Lock manager down in the middle of contended charges',
  question:
    'Redis is killed while one holds the lock and two wait. Who is refused, and what is lost?',
  needs: 'a Redis to stop',
  async run(servers, options) {
    const reports = [];
    for (const variant of VARIANTS) reports.push(await killRedis(servers, variant, options));
    return reports;
  },
};

const order: StepOrder = ({ unitOfWork }) =>
  unitOfWork.run({ locks: [WALLET] }, (tx) => charge(tx));

async function killRedis(
  servers: Servers,
  variant: Variant,
  { pauseLimitMs = 300, onStep }: ExperimentOptions = {},
) {
  const { stoppableRedis: redis } = servers;
  if (!redis) throw new Error('lock-manager-down needs a Redis that it may stop');
  const pauses = new OutagePauses(3, pauseLimitMs);
  await using run = await WalletRun.open(servers, {
    connections: 4,
    pauses,
    save: variant.save,
    ...(onStep && { onStep }),
  });
  await using resources = new AsyncDisposableStack();
  const opened = await openLock(redis.url, { prefix: run.names.prefix }, resources, 'reconnects');
  const lock = variant.lock(opened.lock);
  const note = run.noteFor('Redis');
  const send = (name: string) => run.send(name, order, { lock, alsoRefuses: LockUnavailableError });

  const first = send('R1');
  await Promise.race([pauses.firstRead, first]);
  const others = [send('R2'), send('R3')];
  try {
    await redis.stop('abruptly');
    note('stopped');
    pauses.outageBegan();
    await atOnce([first, ...others]);
    await send('R4');
  } finally {
    pauses.outageBegan();
    await redis.start();
  }
  await lockedByRedis(lock);
  note('started');
  await send('R5');
  return await run.report(variant.name);
}

async function lockedByRedis(lock: LockPort): Promise<void> {
  const deadline = performance.now() + LONGEST_RETURN_MS;
  for (;;) {
    const lease = await lock.acquire(['probe'], { waitMs: 0 }).catch((error: Error) => error);
    if (!(lease instanceof Error)) await lease.release();
    if ('token' in lease && lease.token > 0) return;
    if (performance.now() > deadline) throw new Error('the lock does not return to Redis');
    await pause(50);
  }
}
