import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterFault } from '../../behind-nginx/cluster-fault.js';
import { allSettle, noneFailed } from '../../behind-nginx/judge-traffic.js';

/** Time for nginx to use a restarted instance again, as a deployment waits for it. */
const PAUSE_MS = 1_500;

export const clusterRolling: ClusterFault = {
  name: 'cluster-rolling',
  title: 'instances are restarted in turn, by SIGTERM, as a deployment does',
  seconds: 30,
  async inflict({ instances }, { seconds, did }) {
    const end = performance.now() + seconds * 1_000;
    do {
      for (const instance of instances) {
        await instance.stop();
        await instance.start();
        did(`${instance.name} restarted`);
        await sleep(PAUSE_MS);
      }
    } while (performance.now() < end);
  },
  judge: (traffic, span) => [noneFailed(traffic, span)],
};

export const clusterProxy: ClusterFault = {
  name: 'cluster-proxy',
  title: 'nginx itself is killed and started again; clients repeat what they got no answer to',
  seconds: 10,
  async inflict({ proxy }, { seconds, random, did }) {
    const end = performance.now() + seconds * 1_000;
    do {
      await sleep(random.between(300, 1_500));
      await proxy.stop('abruptly');
      did('nginx killed');
      await sleep(random.between(0, 300));
      await proxy.start();
    } while (performance.now() < end);
  },
  judge: (traffic) => [allSettle(traffic)],
};
