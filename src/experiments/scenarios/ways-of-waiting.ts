import { setTimeout as pause } from 'node:timers/promises';
import { LockObserver, type WaitOutcome } from '../../adapters/lock/decorators/lock-observer.js';
import { MeasuredLock } from '../../adapters/lock/decorators/measured-lock.js';
import { systemClock } from '../../adapters/lock/leases/lock-clock.js';
import type { LockStrategy } from '../../adapters/lock/redis-lock-settings.js';
import { LockPortAdapter } from '../../adapters/shop/lock-port-adapter.js';
import type { LockPort } from '../../domain/ports/lock-port.js';
import { atOnce } from '../apparatus/at-once.js';
import { type InstanceLock, openLock } from '../apparatus/open-lock.js';
import { Trial } from '../apparatus/trial.js';
import { jainIndex, percentile, type WaitFigures } from '../apparatus/wait-figures.js';
import { charge, WALLET } from '../apparatus/wallet-work.js';
import type { LockExperiment, Servers } from '../experiment.js';

const WAYS: readonly LockStrategy[] = ['simple', 'spin', 'pubsub'];
const INSTANCES = 2;

/** What a client does between two requests, in milliseconds. */
const THINK_MS = 5;

/**
 * Clients of two instances charge one wallet again and again for a while, through the product's
 * unit of work. **simple** refuses whoever comes while the lock is taken. **spin** asks again and
 * again: nobody is refused, but Redis is asked in vain, the lock lies free until somebody happens
 * to ask, and whoever asks at the right moment overtakes those who came before. **pub/sub** sleeps
 * in a queue until it is its turn.
 */
export const waysOfWaiting: LockExperiment = {
  id: 'ways-of-waiting',
  title: 'Simple, spin and pub/sub waiting',
  question: 'Nothing is lost in any of the three. What does waiting cost, and whom?',
  async run(servers, { requests = 6, durationMs = 600 } = {}) {
    const reports = [];
    for (const way of WAYS) reports.push(await measure(servers, way, requests, durationMs));
    return reports;
  },
};

async function measure(servers: Servers, way: LockStrategy, clients: number, durationMs: number) {
  await using trial = await Trial.open(servers, { connections: clients });
  await using resources = new AsyncDisposableStack();
  const settings = { prefix: trial.names.prefix, strategy: way };
  const instances = await Promise.all(
    Array.from({ length: INSTANCES }, () => openLock(servers.redisUrl, settings, resources)),
  );
  const waits = new Waits();
  const locks = instances.map(
    ({ lock }) => new LockPortAdapter(new MeasuredLock(lock, waits, systemClock)),
  );
  const endMs = performance.now() + durationMs;
  const served = Array.from({ length: clients }, () => 0);
  await atOnce(
    served.map(async (_, i) => {
      served[i] = await keepCharging(trial, `C${i + 1}`, locks[i % INSTANCES], endMs);
    }),
  );
  return await trial.report(way, figures(served, waits, instances));
}

/** Answers how many requests of this client were served. */
async function keepCharging(
  trial: Trial,
  client: string,
  lock: LockPort | undefined,
  endMs: number,
): Promise<number> {
  let served = 0;
  while (lock && performance.now() < endMs) {
    const isServed = await trial.send(
      client,
      ({ unitOfWork }) => unitOfWork.run({ locks: [WALLET] }, (tx) => charge(tx)),
      { lock },
    );
    if (isServed) served += 1;
    await pause(THINK_MS);
  }
  return served;
}

class Waits extends LockObserver {
  readonly grantedMs: number[] = [];

  override waited(ms: number, outcome: WaitOutcome): void {
    if (outcome === 'granted') this.grantedMs.push(ms);
  }
}

function figures(
  servedByClient: readonly number[],
  { grantedMs }: Waits,
  instances: readonly InstanceLock[],
): WaitFigures {
  const served = servedByClient.reduce((sum, count) => sum + count, 0);
  const redisCommands = instances.reduce((sum, { client }) => sum + client.sent, 0);
  return {
    served,
    waitP50Ms: percentile(grantedMs, 0.5),
    waitP99Ms: percentile(grantedMs, 0.99),
    waitMaxMs: percentile(grantedMs, 1),
    redisCommands,
    commandsPerSection: redisCommands / served,
    fairness: jainIndex(servedByClient),
  };
}
