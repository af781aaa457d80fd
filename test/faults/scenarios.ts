import { scenarioOf } from './behind-nginx/cluster-fault.js';
import { cardSaga } from './card-saga.js';
import { clusterFaults } from './cluster-faults.js';
import { failover } from './failover.js';
import type { FaultScenario } from './fault-scenario.js';
import { largeOrders } from './large-orders.js';
import { lockFuzz } from './lock-fuzz.js';
import { queue } from './queue.js';
import { redisAway } from './redis-away.js';
import { redisCluster } from './redis-cluster.js';
import { slowClients } from './slow-clients.js';

export const scenarios: readonly FaultScenario[] = [
  lockFuzz,
  redisAway,
  redisCluster,
  failover,
  cardSaga,
  ...clusterFaults.map(scenarioOf),
  queue,
  slowClients,
  largeOrders,
];
