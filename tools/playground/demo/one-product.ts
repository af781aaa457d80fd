import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../../test/support/api-client.js';
import { say } from './stage.js';

const WARM_TIMEOUT_MS = 20_000;
const ROUNDS = 3;

export async function readThroughBoth(
  path: string,
  instances: readonly ApiClient[],
): Promise<void> {
  say('1. The same product, read through both instances');
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const instance of instances) say(`   ${await read(instance, path)}`);
  }
}

/** Waits until every instance answers from its L1; with a new Redis the cache first stores nothing. */
export async function waitForTheCache(
  path: string,
  instances: readonly ApiClient[],
): Promise<void> {
  const deadline = performance.now() + WARM_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const answers = await Promise.all(instances.map((instance) => instance.get(path)));
    if (answers.every(({ headers }) => headers.get('cache-status')?.includes('l1'))) return;
    await sleep(100);
  }
  throw new Error('the cache stores nothing: is the Redis of this cluster reachable?');
}

async function read(instance: ApiClient, path: string): Promise<string> {
  const { headers, body } = await instance.get(path);
  const name = headers.get('x-instance');
  return `${name}  price ${body.price}  Cache-Status: ${headers.get('cache-status')}`;
}
