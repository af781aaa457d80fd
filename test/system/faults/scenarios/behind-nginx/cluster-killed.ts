import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterFault } from '../../behind-nginx/cluster-fault.js';
import { allSettle, readsFailed, readsInTime } from '../../behind-nginx/judge-traffic.js';

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

/** From a second after the kill, for a time in which the instance stays down, in milliseconds. */
const WITHOUT_IT = { from: 1_000, to: 8_000 };
const SLOW_READ_MS = 300;

/** One kill under load: no client notices it but by a read that is slow in the first second. */
export const clusterKilledOnce: ClusterFault = {
  name: 'cluster-killed-once',
  title: 'one of two instances is killed during 500 requests/s',
  seconds: 20,
  rates: { reads: 480, orders: 20 },
  async inflict({ instances: [victim] }, { seconds, did }) {
    await victim?.stop('abruptly');
    did(`${victim?.name} killed`);
    await sleep(Math.max(WITHOUT_IT.to, (seconds / 2) * 1_000));
    await victim?.start();
    did(`${victim?.name} is ready again`);
    await sleep((seconds / 4) * 1_000);
  },
  judge: (traffic, { steps: [killedAt = Number.NaN] }) => [
    readsFailed(traffic, 0),
    readsInTime(
      traffic,
      { from: killedAt + WITHOUT_IT.from, to: killedAt + WITHOUT_IT.to },
      SLOW_READ_MS,
    ),
    allSettle(traffic),
  ],
};
