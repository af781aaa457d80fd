import { assertPortIsFree, pickQuietPort } from '../servers/free-port.js';
import { instancePort } from './cluster-options.js';

const TRIES = 50;

/** Finds a port for a cluster of two; it and the ports of the instances were free a moment ago. */
export async function findClusterPort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = pickQuietPort();
    const ports = [port, instancePort({ port }, 1), instancePort({ port }, 2)];
    const outcomes = await Promise.allSettled(ports.map(assertPortIsFree));
    if (outcomes.every(({ status }) => status === 'fulfilled')) return port;
  }
  throw new Error('no three free ports');
}
