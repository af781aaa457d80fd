import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterFault } from '../behind-nginx/cluster-fault.js';
import { allSettle, refusedInOrder } from '../behind-nginx/judge-traffic.js';

export const clusterDatabase: ClusterFault = {
  name: 'cluster-database',
  title: 'the database is killed, stays down, and restarts with its data',
  seconds: 10,
  async inflict({ database }, { seconds, random, did }) {
    await database.stop(random.chance(0.5) ? 'abruptly' : undefined);
    did('database gone');
    await sleep(seconds * 1_000);
    await database.start();
    did('database back');
  },
  judge: (traffic, span) => [
    refusedInOrder(traffic, span, ['dependency_unavailable', 'resource_busy']),
    allSettle(traffic),
  ],
};
