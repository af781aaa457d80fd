import { RedisLock } from '../../../../src/adapters/lock/layers/4-redis-lock.js';
import { connectPair } from '../support/redis-clients.js';

// This is not a test: redis-memory.test.ts runs it and reads its output.
const [url = '', ...numbers] = process.argv.slice(2);
const [keys = 0, length = 0] = numbers.map(Number);
const pair = await connectPair(url);
const lock = new RedisLock(pair);

function used(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const before = used();
for (let i = 0; i < keys; i += 1) {
  const key = Buffer.alloc(length, `${i}.`).toString('latin1');
  await (await lock.acquire([key], { waitMs: 10_000 })).release();
}
process.stdout.write(String(used() - before));
await lock.close();
pair.destroy();
