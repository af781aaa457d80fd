import { setTimeout as pause } from 'node:timers/promises';
import { MeasuredLock } from '../../../adapters/lock/layers/2-measured-lock.js';
import { LockObserver, type WaitOutcome } from '../../../adapters/lock/lock-observer.js';
import type { LockStrategy } from '../../../adapters/lock/redis-lock-settings.js';
import { LockPortAdapter } from '../../../adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { systemClock } from '../../../adapters/timeouts/instant.js';
import type { LockPort } from '../../../domain/ports/lock-port.js';
import type { ExperimentOptions, LockExperiment, Servers } from '../../experiment.js';
import { atOnce } from '../../support/at-once.js';
import { WalletRun } from '../../support/locking/wallet-run.js';
import { charge, WALLET } from '../../support/locking/wallet-work.js';
import { type InstanceLock, openLock } from '../../support/open-lock.js';
import {
  distribution,
  jainIndex,
  percentile,
  type WaitFigures,
} from '../../support/wait-figures.js';

const WAYS: readonly LockStrategy[] = ['simple', 'spin', 'pubsub'];
const INSTANCES = 2;

/** Pause of a client between two requests, in milliseconds. */
const THINK_MS = 5;

/**
 * Clients of two instances charge one wallet again and again for a while, through the product's
 * unit of work. **simple** refuses a request that comes while the lock is taken. **spin** tries
 * again at intervals and refuses no request. But most tries fail, the lock stays free until the
 * next try, and a request that tries at the right moment overtakes earlier ones. **pub/sub** waits
 * in a queue and is notified when it is first.
 */
export const waysOfWaiting: LockExperiment = {
  id: 'ways-of-waiting',
  title: 'Simple, spin and pub/sub waiting',
  question: 'Nothing is lost in any of the three. What does waiting cost, and whom?',
  async run(servers, options = {}) {
    const reports = [];
    for (const way of WAYS) reports.push(await measure(servers, way, options));
    return reports;
  },
};

async function measure(
  servers: Servers,
  way: LockStrategy,
  { requests: clients = 6, durationMs = 600, onStep }: ExperimentOptions,
) {
  await using run = await WalletRun.open(servers, {
    connections: clients,
    ...(onStep && { onStep }),
  });
  await using resources = new AsyncDisposableStack();
  const settings = { prefix: run.names.prefix, strategy: way };
  const instances = await Promise.all(
    Array.from({ length: INSTANCES }, () => openLock(servers.redisUrl, settings, resources)),
  );
  const waits = new GrantedWaits();
  const locks = instances.map(
    ({ lock }) => new LockPortAdapter(new MeasuredLock(lock, waits, systemClock)),
  );
  const endMs = performance.now() + durationMs;
  const served = Array.from({ length: clients }, () => 0);
  await atOnce(
    served.map(async (_, i) => {
      served[i] = await keepCharging(run, `C${i + 1}`, locks[i % INSTANCES], endMs);
    }),
  );
  return await run.report(way, figures(served, waits, instances, durationMs));
}

/** Returns how many requests of this client were served. */
async function keepCharging(
  run: WalletRun,
  client: string,
  lock: LockPort | undefined,
  endMs: number,
): Promise<number> {
  let served = 0;
  while (lock && performance.now() < endMs) {
    const isServed = await run.send(
      client,
      ({ unitOfWork }) => unitOfWork.run({ locks: [WALLET] }, (tx) => charge(tx)),
      { lock },
    );
    if (isServed) served += 1;
    await pause(THINK_MS);
  }
  return served;
}

class GrantedWaits extends LockObserver {
  readonly grantedMs: number[] = [];

  override waited(ms: number, outcome: WaitOutcome): void {
    if (outcome === 'granted') this.grantedMs.push(ms);
  }
}

function figures(
  servedByClient: readonly number[],
  { grantedMs }: GrantedWaits,
  instances: readonly InstanceLock[],
  durationMs: number,
): WaitFigures {
  const served = servedByClient.reduce((sum, count) => sum + count, 0);
  const redisCommands = instances.reduce((sum, { client }) => sum + client.sent, 0);
  return {
    served,
    waitP50Ms: percentile(grantedMs, 0.5),
    waitP99Ms: percentile(grantedMs, 0.99),
    waitMaxMs: percentile(grantedMs, 1),
    waitsMs: distribution(grantedMs),
    perSecond: (1_000 * served) / durationMs,
    redisCommands,
    commandsPerSection: redisCommands / served,
    fairness: jainIndex(servedByClient),
  };
}
