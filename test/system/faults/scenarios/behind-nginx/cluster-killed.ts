import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterFault } from '../../behind-nginx/cluster-fault.js';
import { allSettle, readsFailed } from '../../behind-nginx/judge-traffic.js';

/** Instances are killed one after the other at random moments, and started again. */
export const clusterKilled: ClusterFault = {
  name: 'cluster-killed',
  title: 'instances behind nginx are killed at random instants',
  seconds: 60,
  async inflict({ instances }, { seconds, random, did }) {
    const end = performance.now() + seconds * 1_000;
    do {
      const victim = random.pick(instances);
      await sleep(random.between(50, 1_500));
      await victim.stop('abruptly');
      did(`${victim.name} killed`);
      await sleep(random.between(0, 1_000));
      await victim.start();
    } while (performance.now() < end);
  },
  judge: (traffic) => [readsFailed(traffic, 1), allSettle(traffic)],
};

/** The claims about a first kill under load. */
export const clusterKilledOnce: ClusterFault = {
  name: 'cluster-killed-once',
  title: 'one of two instances is killed during 500 requests/s',
  seconds: 20,
  rates: { reads: 480, orders: 20 },
  async inflict({ instances: [victim] }, { seconds, did }) {
    await sleep((seconds / 4) * 1_000);
    await victim?.stop('abruptly');
    did(`${victim?.name} killed`);
    await sleep((seconds / 4) * 1_000);
    await victim?.start();
    did(`${victim?.name} is ready again`);
    await sleep((seconds / 4) * 1_000);
  },
  judge: (traffic) => [readsFailed(traffic, 1), allSettle(traffic)],
};
