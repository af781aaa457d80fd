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
 * Two hundred waiters of four processes on four wallets. Meanwhile processes are killed, and
 * stopped longer than their lease. Redis drops its subscribers, and is restarted with its data and
 * without.
 *
 * A holder is **unexpired** while its `assertHeld()` passes, by the clocks of its own process; this
 * check runs before a commit. A key must never have two unexpired holders. There is one exception,
 * for the length of one lease after Redis lost its data: then Redis does not know the earlier
 * holders, so an old lease may overlap a new one, and only the guard in the database counts.
 * Fencing tokens rise also across such a loss. Units that ran with row locks, while Redis was down,
 * hold no lock, and only the database is checked for them.
 *
 * The seed decides the sequence of the faults and what each waiter does next. It does not decide
 * how processes and servers interleave.
 */
export async function runLockFuzz(chosen: Chosen): Promise<FuzzRecord> {
  await using open = await servers.open();
  await using redis = await startRedis({ ways: ['docker', 'binary'] });
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
  // Awaited here, because the servers are closed when this function ends.
  return await fuzz(plan, env);
}

export const lockFuzz: FaultScenario = {
  name: 'lock-fuzz',
  title: '200 waiters on 4 keys; processes killed and stopped, Redis cut off and restarted',
  seconds: 60,
  run: async (options) => fuzzReport(await runLockFuzz(options)),
};
