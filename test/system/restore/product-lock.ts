import { createClient } from '@redis/client';
import { connectLock } from '../../../src/adapters/lock/exports.js';
import { lockPrefix } from '../../../src/config/modules/lock-module.js';
import { stockKey } from '../../../src/domain/resource-keys.js';

export interface ProductLock extends AsyncDisposable {
  /** Fencing token. */
  readonly token: number;
  release(): Promise<void>;
}

/**
 * Takes the lock of a product as an instance on this database does. Until its release, requests of the
 * product stay in the queue.
 */
export async function lockProduct(
  redisUrl: string,
  installationId: string,
  productId: string,
): Promise<ProductLock> {
  await using resources = new AsyncDisposableStack();
  const client = createClient({ url: redisUrl, disableOfflineQueue: true });
  client.on('error', () => undefined);
  await client.connect();
  resources.defer(() => client.close());
  const lock = await connectLock(client, { prefix: lockPrefix(installationId) });
  resources.defer(() => lock.close());
  const lease = await lock.acquire([stockKey(productId)], { waitMs: 10_000 });
  const connections = resources.move();
  const release = async () => {
    await lease.release();
    await connections.disposeAsync();
  };
  return { token: lease.token, release, [Symbol.asyncDispose]: release };
}
