import { assertPortIsFree, pickQuietPort } from '../servers/free-port.js';
import { instancePort } from './cluster-options.js';

const TRIES = 50;

/** A port for a cluster of two that was free a moment ago, as were those of its instances. */
export async function findClusterPort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = pickQuietPort();
    const ports = [port, instancePort({ port }, 1), instancePort({ port }, 2)];
    const outcomes = await Promise.allSettled(ports.map(assertPortIsFree));
    if (outcomes.every(({ status }) => status === 'fulfilled')) return port;
  }
  throw new Error('no three free ports');
}
