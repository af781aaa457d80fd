import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fuzz.js';

const kill: Fault = {
  name: 'process killed',
  inflict: ({ crew, random }) => crew.replaceOne(random),
};

const pause: Fault = {
  name: 'process stopped past its lease',
  inflict({ crew, random, leaseMs }) {
    const ms = leaseMs * random.between(1.1, 2.2);
    return crew.pauseOne(random, () => sleep(ms));
  },
};

/** Faults of the processes, for any kind of lock service. */
export const processFaults: readonly Fault[] = [kill, pause];
