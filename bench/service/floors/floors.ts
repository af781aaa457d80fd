import { fileURLToPath } from 'node:url';
import type { Contestant } from '../contestant.js';
import { startShop } from '../lockstep/start-shop.js';
import { NODE_SAME, SAME_GUARANTEES } from '../plan.js';

const programOf = (name: string) => fileURLToPath(new URL(`${name}.js`, import.meta.url));

function floor(id: string, program: string, settings: string): Contestant {
  return {
    ...{ id, settings, kind: 'floor' },
    start: (servers, scenario) => startShop(program, servers, scenario),
  };
}

/** The least cost of Lockstep's guarantees: the same requests, tables and responses without its layers. */
export const FLOORS: readonly Contestant[] = [
  floor(
    SAME_GUARANTEES,
    programOf('same-guarantees/same-guarantees-process'),
    `Express 5, mysql2, node-redis: a lock in Redis (one script to acquire, one to release), one transaction
with version check, outbox and idempotency record; token, headers, log and metrics as in Lockstep`.replaceAll(
      '\n',
      ' ',
    ),
  ),
  floor(
    NODE_SAME,
    programOf('same-answer-process'),
    'the HTTP server of Node with the headers, log and metrics of Lockstep; bodies from a map; no cache, no ETag logic',
  ),
];
