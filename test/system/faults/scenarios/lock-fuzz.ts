import { startRedis } from '../../../../tools/servers/redis/start-redis.js';
import { servers } from '../../../support/backends.js';
import { type FuzzPlan, fuzz } from '../fuzz/fuzz.js';
import type { FuzzRecord } from '../fuzz/fuzz-record.js';
import { processFaults } from '../fuzz/process-faults.js';
import { redisFaults } from '../fuzz/redis-faults.js';
import { fuzzReport } from '../judge/fuzz-report.js';
import type { FaultOptions, FaultScenario } from '../support/fault-scenario.js';

type Chosen = FaultOptions & Partial<FuzzPlan>;

/**
 * Two hundred waiters of four processes on four wallets, while processes are killed and stopped
 * past their lease, and Redis drops its subscribers, is restarted with its data and without.
 *
 * **Unexpired** is a holder whose `assertHeld()` passes, by its own process's clocks: that is what
 * stands before a commit. Two unexpired holders of a key must never be, except after Redis lost
 * its data, for one lease's time: nobody can tell a Redis without memory who held what, so a
 * lease from before may overlap one from after, and only the guard in the database counts.
 * Fencing tokens rise across such a loss too. Units that ran under row locks, while Redis was
 * away, hold no lock, and are judged by the database alone.
 *
 * The seed decides the order of the faults and what each waiter does next, not how processes
 * and servers interleave.
 */
export async function runLockFuzz(chosen: Chosen): Promise<FuzzRecord> {
  await using open = await servers.open();
  await using redis = await startRedis({ sources: ['docker', 'binary'] });
  const env = { ...open.env, REDIS_URL: redis.url };
  const plan: FuzzPlan = {
    processes: 4,
    waiters: 50,
    users: ['u1', 'u2', 'u3', 'u4'],
    waitMs: 4_000,
    leaseMs: 500,
    faults: [processFaults, redisFaults(redis)],
    ...chosen,
  };
  // Awaited here, or the servers would be gone before it begins.
  return await fuzz(plan, env);
}

export const lockFuzz: FaultScenario = {
  name: 'lock-fuzz',
  title: '200 waiters on 4 keys; processes killed and stopped, Redis cut off and restarted',
  seconds: 60,
  run: async (options) => fuzzReport(await runLockFuzz(options)),
};
