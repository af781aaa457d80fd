import { startRedisCluster } from '../../../../tools/servers/redis/start-redis-cluster.js';
import { servers } from '../../../support/backends.js';
import { fuzz } from '../fuzz/fuzz.js';
import type { FuzzRecord } from '../fuzz/fuzz-record.js';
import { processFaults } from '../fuzz/process-faults.js';
import { fuzzReport } from '../judge/fuzz-report.js';
import { clusterFaults } from '../redis-cluster/cluster-faults.js';
import type { FaultOptions, FaultScenario } from '../support/fault-scenario.js';

/**
 * The lock fuzz on a Redis Cluster whose masters step down, are killed, and move slots meanwhile.
 * Some units take keys of several slots, on several masters.
 */
async function runClusterFuzz(options: FaultOptions): Promise<FuzzRecord> {
  const users = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6'];
  await using open = await servers.open();
  await using cluster = await startRedisCluster({ withReplicas: true });
  const nodes = [...cluster.masters, ...cluster.replicas];
  const { REDIS_URL: _, ...rest } = open.env;
  const env = { ...rest, REDIS_CLUSTER: nodes.map(({ url }) => new URL(url).host).join() };
  const plan = {
    ...options,
    processes: 3,
    waiters: 30,
    users,
    waitMs: 4_000,
    leaseMs: 500,
    faults: [processFaults, clusterFaults(nodes, users)],
  };
  // Awaited here, because the servers are closed when this function ends.
  return await fuzz(plan, env);
}

export const redisCluster: FaultScenario = {
  name: 'redis-cluster',
  title: '90 waiters on 6 keys of a Redis Cluster; masters step down, die, and hand over slots',
  seconds: 60,
  run: async (options) => fuzzReport(await runClusterFuzz(options)),
};
