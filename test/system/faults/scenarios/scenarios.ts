import { scenarioOf } from '../behind-nginx/cluster-fault.js';
import type { FaultScenario } from '../support/fault-scenario.js';
import { clusterFaults } from './behind-nginx/cluster-faults.js';
import { cardSaga } from './card-saga.js';
import { failover } from './failover.js';
import { floodScenario } from './flood.js';
import { largeOrders } from './large-orders.js';
import { lockFuzz } from './lock-fuzz.js';
import { queue } from './queue.js';
import { redisCluster } from './redis-cluster.js';
import { redisDown } from './redis-down.js';
import { replicated } from './replicated.js';
import { rollingUpgrade } from './rolling-upgrade.js';
import { slowClients } from './slow-clients.js';

export const scenarios: readonly FaultScenario[] = [
  lockFuzz,
  redisDown,
  redisCluster,
  failover,
  cardSaga,
  ...clusterFaults.map(scenarioOf),
  queue,
  slowClients,
  floodScenario,
  largeOrders,
  rollingUpgrade,
  replicated,
];
