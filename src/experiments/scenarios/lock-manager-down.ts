import { setTimeout as pause } from 'node:timers/promises';
import { FallingBackLock } from '../../adapters/lock/decorators/falling-back-lock.js';
import type { Lock } from '../../adapters/lock/lock.js';
import { LockPortAdapter } from '../../adapters/shop/lock-port-adapter.js';
import { type LockPort, LockUnavailableError } from '../../domain/ports/lock-port.js';
import { atOnce } from '../apparatus/at-once.js';
import { openLock } from '../apparatus/open-lock.js';
import { OutageMoments } from '../apparatus/outage-moments.js';
import { Trial } from '../apparatus/trial.js';
import type { RequestOrder } from '../apparatus/trial-request.js';
import { compareAndSet, overwrite, type SaveWallet } from '../apparatus/wallet-table.js';
import { charge, WALLET } from '../apparatus/wallet-work.js';
import type { ExperimentOptions, LockExperiment, Servers } from '../experiment.js';
import { CarelessLock } from '../naive/careless-lock.js';

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

/** Until the lock is served by Redis again. */
const LONGEST_RETURN_MS = 10_000;

/**
 * R1 holds the lock and has read, R2 and R3 wait for it, and Redis is killed. R4 comes while it is
 * away, R5 once it is back.
 *
 * Whoever refuses loses nothing and serves nobody. Whoever goes on without a lock serves everybody
 * and loses what they overwrite. The service locks the rows in the database meanwhile; R1, whose lock
 * R2 and R3 do not see, is told apart from them by the version of the row and is tried again.
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

const order: RequestOrder = ({ unitOfWork }) =>
  unitOfWork.run({ locks: [WALLET] }, (tx) => charge(tx));

async function killRedis(
  servers: Servers,
  variant: Variant,
  { patienceMs = 300 }: ExperimentOptions = {},
) {
  const { stoppableRedis: redis } = servers;
  if (!redis) throw new Error('lock-manager-down needs a Redis that it may stop');
  const moments = new OutageMoments(3, patienceMs);
  await using trial = await Trial.open(servers, { connections: 4, moments, save: variant.save });
  await using resources = new AsyncDisposableStack();
  const opened = await openLock(redis.url, { prefix: trial.names.prefix }, resources, 'reconnects');
  const lock = variant.lock(opened.lock);
  const note = trial.noteFor('Redis');
  const send = (name: string) =>
    trial.send(name, order, { lock, alsoRefuses: LockUnavailableError });

  const first = send('R1');
  await Promise.race([moments.firstRead, first]);
  const others = [send('R2'), send('R3')];
  try {
    await redis.stop('abruptly');
    note('stopped');
    moments.outageBegan();
    await atOnce([first, ...others]);
    await send('R4');
  } finally {
    moments.outageBegan();
    await redis.start();
  }
  await lockedByRedis(lock);
  note('started');
  await send('R5');
  return await trial.report(variant.name);
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
