import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { RedisLock } from '../../../../src/adapters/lock/layers/4-redis-lock.js';
import { MAX_LEASE_MS, MAX_LOCK_KEYS } from '../../../../src/adapters/lock/lock.js';
import type { RedisLockSettings } from '../../../../src/adapters/lock/redis-lock-settings.js';
import { WAIT_TIMEOUT_MS } from '../../../../tools/servers/eventually.js';
import { eventually } from '../../../contract/eventually.js';
import { acquireBlock } from '../support/acquire-block.js';
import { connect, connectPair, type TestClient } from '../support/redis-clients.js';
import { RedisServer } from '../support/redis-server.js';

/** The prefix of a service: its name, and the name of its database. */
const PREFIX = 'lockstep:lock:AbCdEfGh:';
const MOST_BYTES = 200;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LONG = { leaseMs: 10 * WAIT_TIMEOUT_MS, waitMs: WAIT_TIMEOUT_MS };

const queueOf = (key: string) => `${PREFIX}{${key}}:queue`;
/** Keys of the greatest length that is stored without a digest. */
const keysOf = (count: number) =>
  Array.from({ length: count }, (_, i) => `reservation:01938f2e-8c3a-7b6e-9d1a-${1e11 + i}`);

describe('What the locks keep in Redis', () => {
  let server: RedisServer;
  let admin: TestClient;
  const open: { close(): Promise<void> }[] = [];

  async function processLock(settings: Partial<RedisLockSettings> = {}) {
    const pair = await connectPair(server.url);
    const lock = new RedisLock(pair, { prefix: PREFIX, commandTimeoutMs: 5_000, ...settings });
    open.push({
      async close() {
        await lock.close();
        pair.destroy();
      },
    });
    return { lock, die: () => pair.destroy() };
  }

  before(async () => {
    server = await RedisServer.start();
    admin = await connect(server.url);
  });
  after(async () => {
    admin.destroy();
    await server.stop();
  });
  beforeEach(() => admin.flushAll());
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });

  const bytesOf = async (name: string) => Number(await admin.memoryUsage(name));
  const total = async () => {
    const sizes = await Promise.all((await admin.keys('*')).map(bytesOf));
    return sizes.reduce((sum, bytes) => sum + bytes, 0);
  };
  const isList = (name: string) => name.startsWith(`${PREFIX}keys:`);

  /** @throws an assertion unless every lock key takes little memory and expires */
  async function expectSmall(expected: { keys: number; queues: number; lists: number }) {
    const names = await admin.keys('*');
    const queues = names.filter((name) => name.endsWith(':queue'));
    const lists = names.filter(isList);
    expect({
      keys: names.length - queues.length - lists.length,
      queues: queues.length,
      lists: lists.length,
    }).to.deep.equal(expected);
    for (const name of names) {
      if (!isList(name)) expect(await bytesOf(name), name).to.be.below(MOST_BYTES);
      const leftMs = await admin.pTTL(name);
      // A block of tokens is some microseconds ahead of the clock, and a key is kept until then.
      expect(leftMs, name).to.be.within(1, MAX_LEASE_MS + MINUTE_MS + 1);
    }
  }

  for (const count of [1, 2, 100, MAX_LOCK_KEYS]) {
    it(`is under 200 bytes a key, held, waited for or free, and ends in minutes: ${count} keys at once`, async () => {
      const keys = keysOf(count);
      const [a, b] = [await processLock(), await processLock()];
      const lease = await acquireBlock(a.lock, keys, 32, LONG);
      await expectSmall({ keys: count, queues: 0, lists: 0 });
      await lease.extendBlock(lease.token + 63);
      await expectSmall({ keys: count, queues: 0, lists: 0 });
      const waiting = acquireBlock(b.lock, keys, 32, LONG);
      await eventually(async () => {
        expect(await admin.zCard(queueOf(keys[0] ?? ''))).to.equal(1);
      });
      const lists = count > 1 ? 1 : 0;
      await expectSmall({ keys: count, queues: count, lists });
      await lease.release();
      const next = await waiting;
      await expectSmall({ keys: count, queues: 0, lists: 0 });
      await next.release();
      await expectSmall({ keys: count, queues: 0, lists: 0 });
    });
  }

  it('grows with the number of keys plus the number of waiters, not with their product', async () => {
    const [a, b] = [await processLock(), await processLock()];
    const kept: number[] = [];
    for (const count of [50, 100, 200]) {
      await admin.flushAll();
      const lease = await a.lock.acquire(keysOf(count), LONG);
      const waiting = b.lock.acquire(keysOf(count), LONG);
      await eventually(async () => {
        expect(await admin.zCard(queueOf(keysOf(1)[0] ?? ''))).to.equal(1);
      });
      kept.push((await total()) / count);
      await lease.release();
      await (await waiting).release();
    }
    const [least = 0, , most = 0] = kept;
    expect(most).to.be.below(least * 1.1);
    // The key is held, waited for, and in a list.
    expect(most).to.be.below(3 * MOST_BYTES);
  });

  it('is under 200 bytes for any user id and any idempotency key', async () => {
    const { lock } = await processLock();
    const user = `${'~'.repeat(126)}{}`;
    for (const key of [
      `wallet:${user}`,
      `idempotency:${JSON.stringify([user, 'k'.repeat(255)])}`,
      `idempotency:${JSON.stringify([user, '바'.repeat(255)])}`,
      'stock:}{',
      '{',
    ]) {
      const lease = await lock.acquire([key], LONG);
      await expectSmall({ keys: 1, queues: 0, lists: 0 });
      await lease.release();
      await admin.flushAll();
    }
  });

  it('distinguishes long keys, and always gives one key the same name', async () => {
    const [a, b] = [await processLock(), await processLock()];
    const [one, other] = ['a', 'b'].map((end) => `wallet:${'u'.repeat(127)}${end}`) as [
      string,
      string,
    ];
    const lease = await a.lock.acquire([one], LONG);
    await (await b.lock.acquire([other], { waitMs: 0 })).release();
    const waiting = b.lock.acquire([one], LONG);
    await lease.release();
    await (await waiting).release();
  });

  it('keeps a token that is ahead of the clock until the clock has passed it', async () => {
    const { lock } = await processLock();
    const [key = ''] = keysOf(1);
    const name = `${PREFIX}{${key}}`;
    // As after the clock was set back by half an hour.
    const last = (Date.now() + HOUR_MS / 2) * 1_000;
    await admin.set(name, String(last));
    const lease = await lock.acquire([key], LONG);
    expect(lease.token).to.equal(last + 1);
    await lease.release();
    expect(await admin.pTTL(name)).to.be.within(HOUR_MS / 2, HOUR_MS);
  });

  it('expires within an hour, even when a token is far ahead of the clock', async () => {
    const { lock } = await processLock();
    const [key = ''] = keysOf(1);
    const name = `${PREFIX}{${key}}`;
    await admin.set(name, String((Date.now() + 1_000 * HOUR_MS) * 1_000));
    await (await lock.acquire([key], LONG)).release();
    expect(await admin.pTTL(name)).to.be.within(1, HOUR_MS);
  });

  it('distinguishes waiters of one process that wait for different keys', async () => {
    const dead = await processLock();
    // With a long delay its waiters queue by the release, in the same step.
    const { lock } = await processLock({ requeueDelayMs: 10 * WAIT_TIMEOUT_MS });
    const [one, other] = keysOf(2) as [string, string];
    const lease = await lock.acquire([one], LONG);
    dead.lock.acquire([one, other], LONG).catch(() => {});
    await eventually(async () => {
      expect(await admin.zCard(queueOf(other))).to.equal(1);
    });
    const waiting = [lock.acquire([other], LONG), lock.acquire([one], LONG)];
    await eventually(async () => {
      expect(await admin.zCard(queueOf(other))).to.equal(2);
    });
    dead.die();
    await eventually(async () => {
      expect((await admin.pubSubChannels()).length).to.equal(1);
    });
    await lease.release();
    for (const each of waiting) await (await each).release();
  });

  it('grants a waiter its keys even when the list of its keys was lost', async () => {
    const [a, b] = [await processLock(), await processLock()];
    const [one, other] = keysOf(2) as [string, string];
    const lease = await a.lock.acquire([one], { leaseMs: 400 });
    const both = b.lock.acquire([one, other], LONG);
    await eventually(async () => expect(await admin.zCard(queueOf(other))).to.equal(1));
    await admin.del(await admin.keys(`${PREFIX}keys:*`));
    await lease.release();
    await (await both).release();
  });

  it('serves the waiters behind a waiter whose list of keys was lost', async () => {
    const [a, dead, c] = [await processLock(), await processLock(), await processLock()];
    const [one, other] = keysOf(2) as [string, string];
    const lease = await a.lock.acquire([one], LONG);
    dead.lock.acquire([one, other], LONG).catch(() => {});
    await eventually(async () => expect(await admin.zCard(queueOf(other))).to.equal(1));
    dead.die();
    await admin.del(await admin.keys(`${PREFIX}keys:*`));
    await (await c.lock.acquire([other], { ...LONG, leaseMs: 400 })).release();
    await lease.release();
  });
});

describe('What a lock keeps in its process', () => {
  it('is not the keys, however long they are', async () => {
    const server = await RedisServer.start();
    try {
      const program = fileURLToPath(new URL('./long-keys-process.js', import.meta.url));
      const [keys, length] = [200, 200_000];
      const args = ['--expose-gc', program, server.url, String(keys), String(length)];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      expect(Number(stdout)).to.be.below((keys * length) / 10);
    } finally {
      await server.stop();
    }
  });
});
