import { assertPortIsFree, pickQuietPort } from '../servers/free-port.js';
import { instancePort, metricsPort } from './cluster-options.js';

const TRIES = 50;

/** Finds a port for a cluster of two or three; all ports that the cluster may use were free a moment ago. */
export async function findClusterPort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = pickQuietPort();
    const instances = [1, 2, 3].map((number) => instancePort({ port }, number));
    const ports = [port, port + 1, ...instances, metricsPort({ port })];
    const outcomes = await Promise.allSettled(ports.map(assertPortIsFree));
    if (outcomes.every(({ status }) => status === 'fulfilled')) return port;
  }
  throw new Error('no free ports for a cluster');
}
