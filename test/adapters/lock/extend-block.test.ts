import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { RedisLock } from '../../../src/adapters/lock/layers/4-redis-lock.js';
import type { Lock } from '../../../src/adapters/lock/lock.js';
import { LockObserver } from '../../../src/adapters/lock/lock-observer.js';
import { loadLockScripts } from '../../../src/adapters/lock/protocol/lock-scripts.js';
import type { RedisLockSettings } from '../../../src/adapters/lock/redis-lock-settings.js';
import { RedisScript } from '../../../src/adapters/redis/redis-script.js';
import { eventually } from '../../contract/eventually.js';
import { acquireBlock } from './support/acquire-block.js';
import { connect, connectPair } from './support/redis-clients.js';
import { redisHarness } from './support/redis-harness.js';
import { RedisServer } from './support/redis-server.js';

class Handoffs extends LockObserver {
  byService = 0;
  override handedOff(by: 'memory' | 'service'): void {
    if (by === 'service') this.byService += 1;
  }
}

const bounds = { turns: 4, turnsMs: 10_000 };

describe('A lease that is passed on', () => {
  let server: RedisServer;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());

  it('stays in its process while no other process waits, with rising tokens', async () => {
    const observer = new Handoffs();
    const made = await redisHarness(server.url, 2, { ...bounds, observer });
    const tokens: number[] = [];
    await Promise.all(
      Array.from({ length: 40 }, () => section(made.a, (token) => tokens.push(token))),
    );
    // Without the extension it would be every fourth turn. On a busy machine an answer may come too
    // late.
    expect(observer.byService).to.be.lessThan(5);
    const after = await made.b.acquire(['stock:1']);
    expect([...tokens, after.token]).to.deep.equal(risingOf([...tokens, after.token]));
    await made.close();
  });

  it('goes to a process that queues later, after the remaining turns', async () => {
    const made = await redisHarness(server.url, 2, bounds);
    const { a, b } = made;
    const order: string[] = [];
    let lateSection: Promise<void> | undefined;
    const sections = Array.from({ length: 40 }, (_, i) =>
      section(a, async () => {
        order.push('a');
        if (i !== 10) return;
        lateSection = section(b, () => order.push('b'));
        await made.settled('stock:1', 1);
      }),
    );
    await Promise.all(sections);
    await lateSection;
    // At most the turns after the last request to Redis, at which nobody else waited yet.
    expect(order.indexOf('b')).to.be.within(12, 11 + bounds.turns);
    await made.close();
  });

  it('is released even when it is not known whether it was extended', async () => {
    const renew = new RedisScript("return redis.error_reply('out of order')");
    const scripts = { ...loadLockScripts(), renew };
    const made = await redisHarness(server.url, 2, { scripts });
    const lease = await acquireBlock(made.a, ['stock:1'], 4);
    expect(await lease.extendBlock(lease.token + 7)).to.equal(false);
    await lease.release();
    const next = await made.b.acquire(['stock:1'], { waitMs: 0 });
    expect(next.token).to.be.greaterThan(lease.token + 7);
    await made.close();
  });

  it('is released when Redis renewed it and the reply was lost', async () => {
    const { renew, ...others } = loadLockScripts();
    const noReply = "return redis.error_reply('lost')";
    const text = renew.text.replace('return { last, now, has_queue }', noReply);
    expect(text).to.include(noReply);
    const scripts = { ...others, renew: new RedisScript(text) };
    const made = await redisHarness(server.url, 2, { ...bounds, scripts });
    const client = await connect(server.url);
    const lease = await made.a.acquire(['stock:1'], { leaseMs: 3_000 });
    await eventually(async () => {
      const values = await Promise.all(
        (await client.keys('*{stock:1}')).map((name) => client.get(name)),
      );
      // The time after the plus sign is that of a renewal.
      return values.some((value) => value?.includes('+'));
    });
    lease.assertHeld();
    await lease.release();
    await (await made.b.acquire(['stock:1'], { waitMs: 0 })).release();
    client.destroy();
    await made.close();
  });

  it('is followed by a token after its whole block, also far ahead of the clock', async () => {
    const ahead = 3_600_000_000;
    const [first, a, b] = await Promise.all([
      lockOf(server.url, { turns: ahead, turnsMs: 10_000 }),
      lockOf(server.url, bounds),
      lockOf(server.url, { turns: 1 }),
    ]);
    await (await first.lock.acquire(['stock:2'])).release();
    const held = await a.lock.acquire(['stock:2']);
    const waiting = b.lock.acquire(['stock:2'], { waitMs: 5_000 });
    await b.queues('stock:2');
    await held.release();
    const next = await waiting;
    expect(next.token).to.equal(held.token + bounds.turns);
    await next.release();
    await Promise.all([first, a, b].map((each) => each.close()));
  });
});

async function lockOf(url: string, settings: Partial<RedisLockSettings>) {
  const [clients, probe] = await Promise.all([connectPair(url), connect(url)]);
  const lock = new RedisLock(clients, settings);
  return {
    lock,
    queues: (key: string) =>
      eventually(async () => {
        const [queue = ''] = await probe.keys(`*{${key}}:queue`);
        return queue !== '' && (await probe.zCard(queue)) === 1;
      }),
    async close() {
      await lock.close();
      clients.destroy();
      probe.destroy();
    },
  };
}

async function section(lock: Lock, work: (token: number) => unknown): Promise<void> {
  const lease = await lock.acquire(['stock:1']);
  await work(lease.token);
  await delay(2);
  await lease.release();
}

function risingOf(tokens: readonly number[]): readonly number[] {
  return [...new Set(tokens)].sort((x, y) => x - y);
}
