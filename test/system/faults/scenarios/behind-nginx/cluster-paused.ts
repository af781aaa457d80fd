import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterFault } from '../../behind-nginx/cluster-fault.js';
import { allSettle, readsFailed } from '../../behind-nginx/judge-traffic.js';

/** Longer than a lease, which lasts one second here. */
const PAUSE_MS = [1_300, 2_500] as const;

/** A holder is stopped longer than its lease, and then continues as if it still held it. */
export const clusterPaused: ClusterFault = {
  name: 'cluster-paused',
  title: 'instances behind nginx are stopped longer than their leases, then continue',
  seconds: 60,
  async inflict({ instances }, { seconds, random, did }) {
    const end = performance.now() + seconds * 1_000;
    do {
      const sleeper = random.pick(instances);
      await sleep(random.between(200, 1_000));
      const ms = random.between(...PAUSE_MS);
      await sleeper.pause();
      await sleep(ms);
      await sleeper.resume();
      did(`${sleeper.name} stopped for ${ms.toFixed(0)} ms`);
    } while (performance.now() < end);
  },
  judge: (traffic) => [readsFailed(traffic, 1), allSettle(traffic)],
};
