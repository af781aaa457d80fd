import type { ClusterFault } from '../../behind-nginx/cluster-fault.js';
import { clusterDatabase } from '../../support/cluster-database.js';
import { clusterKilled, clusterKilledOnce } from './cluster-killed.js';
import { clusterPaused } from './cluster-paused.js';
import { clusterBus, clusterCutOff, clusterRedis } from './cluster-redis.js';
import { clusterProxy, clusterRolling } from './cluster-rolling.js';

/** Faults of two instances behind nginx, on real servers. */
export const clusterFaults: readonly ClusterFault[] = [
  clusterKilled,
  clusterKilledOnce,
  clusterPaused,
  clusterRolling,
  clusterProxy,
  clusterRedis,
  clusterCutOff,
  clusterBus,
  clusterDatabase,
];
