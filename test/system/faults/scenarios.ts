import { scenarioOf } from './behind-nginx/cluster-fault.js';
import { cardSaga } from './scenarios/card-saga.js';
import { clusterFaults } from './scenarios/cluster-faults.js';
import { failover } from './scenarios/failover.js';
import { largeOrders } from './scenarios/large-orders.js';
import { lockFuzz } from './scenarios/lock-fuzz.js';
import { queue } from './scenarios/queue.js';
import { redisCluster } from './scenarios/redis-cluster.js';
import { redisDown } from './scenarios/redis-down.js';
import { slowClients } from './scenarios/slow-clients.js';
import type { FaultScenario } from './support/fault-scenario.js';

export const scenarios: readonly FaultScenario[] = [
  lockFuzz,
  redisDown,
  redisCluster,
  failover,
  cardSaga,
  ...clusterFaults.map(scenarioOf),
  queue,
  slowClients,
  largeOrders,
];
