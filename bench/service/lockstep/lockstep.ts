import { fileURLToPath } from 'node:url';
import { serviceProgram } from '../../../tools/project-root.js';
import type { Contestant } from '../contestant.js';
import { OWN, QUEUE_KAFKA, UNBATCHED } from '../plan.js';
import { startShop } from './start-shop.js';

const PROGRAM = serviceProgram();
const UNBATCHED_PROGRAM = fileURLToPath(new URL('unbatched-process.js', import.meta.url));

/** Lockstep, Lockstep without batches, and Lockstep with Kafka. */
export const LOCKSTEP: readonly Contestant[] = [
  {
    id: OWN,
    kind: 'lockstep',
    settings:
      'default settings with token, lock, outbox and cache, but quotas off and log level warn',
    start: (servers, scenario) => startShop(PROGRAM, servers, scenario),
  },
  {
    id: UNBATCHED,
    kind: 'lockstep',
    settings: 'Lockstep without batches: each order has its own lease and its own transaction',
    start: (servers, scenario) => startShop(UNBATCHED_PROGRAM, servers, scenario),
  },
  {
    id: QUEUE_KAFKA,
    kind: 'lockstep',
    settings: 'Lockstep with one Kafka broker; the other Lockstep has its queue in the process',
    needsKafka: true,
    start: (servers, scenario) => startShop(PROGRAM, servers, scenario),
  },
];
