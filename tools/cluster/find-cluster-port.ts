import { randomInt } from 'node:crypto';
import { assertPortIsFree } from '../servers/free-port.js';
import { instancePort } from './cluster-options.js';

/** Below the ports that the system hands out by itself. */
const PORTS = [12_000, 32_000] as const;
const TRIES = 50;

/** A port for a cluster of two that was free a moment ago, as were those of its instances. */
export async function findClusterPort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = randomInt(...PORTS);
    const ports = [port, instancePort({ port }, 1), instancePort({ port }, 2)];
    const outcomes = await Promise.allSettled(ports.map(assertPortIsFree));
    if (outcomes.every(({ status }) => status === 'fulfilled')) return port;
  }
  throw new Error('no three free ports');
}
