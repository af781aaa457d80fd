import { createSentinel } from '@redis/client';
import { expect } from 'chai';
import { RedisLock } from '../../../../src/adapters/lock/layers/4-redis-lock.js';
import { LockBusyError, LockUnavailableError } from '../../../../src/adapters/lock/lock.js';
import { redisSentinelOptions } from '../../../../src/adapters/redis/connections/client-options.js';
import {
  SentinelCommands,
  SentinelSubscriber,
} from '../../../../src/adapters/redis/connections/sentinel-clients.js';
import {
  type RedisSentinels,
  startRedisSentinels,
} from '../../../../tools/servers/redis/start-redis-sentinels.js';
import { eventually } from '../../../contract/eventually.js';
import { lockContract } from '../../../contract/lock-contract.js';
import { refusalOf } from '../../../contract/lock-harness.js';
import { connect } from '../support/redis-clients.js';
import {
  type LockBackend,
  type LockProcess,
  lockHarness,
  SharedConnections,
} from '../support/redis-harness.js';

describe('RedisLock with sentinels', () => {
  let servers: RedisSentinels;
  before(async () => {
    servers = await startRedisSentinels();
  });
  const connections = new SharedConnections(() => connectBySentinels(servers));
  after(async () => {
    connections.close();
    await servers.close();
  });

  const place: LockBackend = {
    process: () => connections.process(),
    async probe() {
      const client = await connect(servers.master.url);
      return {
        zCard: (name) => client.zCard(name),
        del: (name) => client.del(name),
        stats: () => client.info('commandstats'),
        destroy: () => client.destroy(),
      };
    },
  };

  // One strategy is enough: the strategies send different requests, but to the same server.
  const capabilities = { waiting: 'fifo', storage: 'service, two processes' } as const;
  lockContract('RedisLock with sentinels', capabilities, (settings = {}) =>
    lockHarness(place, 2, settings),
  );

  describe('when its master dies', () => {
    // The cases before do not need these connections any more, and each connection would look for
    // the new master.
    before(() => connections.close());
    const open: (() => Promise<void>)[] = [];
    const rejections: unknown[] = [];
    const unhandled = (reason: unknown) => rejections.push(reason);

    async function processLock() {
      const made = await connectBySentinels(servers);
      const lock = made.lock({ waitMs: 5_000, leaseMs: 600 });
      open.push(async () => {
        await lock.close();
        made.destroy();
      });
      return lock;
    }

    before(() => process.on('unhandledRejection', unhandled));
    after(() => process.off('unhandledRejection', unhandled));
    afterEach(async () => {
      for (const close of open.splice(0)) await close();
    });

    it('ends every wait, and continues at the new master with greater tokens', async () => {
      const [a, b] = [await processLock(), await processLock()];
      const held = await a.acquire(['stock:1']);
      const probe = await connect(servers.master.url);
      const waiting = Array.from({ length: 6 }, (_, i) =>
        refusalOf((i % 2 ? a : b).acquire(['stock:1'])),
      );
      await eventually(async () => (await probe.zCard('lockstep:lock:{stock:1}:queue')) === 2);
      probe.destroy();
      await servers.master.stop('abruptly');
      for (const refusal of await Promise.all(waiting)) {
        expect(refusal).to.satisfy(
          (error: Error) => error instanceof LockUnavailableError || error instanceof LockBusyError,
        );
      }
      await eventually(() => held.signal.aborted);
      const token = await firstToken(b);
      expect(token).to.be.greaterThan(held.token);

      // The grant must come by a message, because the lease in the way lasts longer than the wait.
      const lease = await eventualLease(a, 10_000);
      const next = b.acquire(['stock:1'], { waitMs: 8_000 });
      const successor = await connect(servers.replica.url);
      await eventually(async () => (await successor.zCard('lockstep:lock:{stock:1}:queue')) === 1);
      successor.destroy();
      await lease.release();
      expect((await next).token).to.be.greaterThan(lease.token);
      expect(rejections).to.deep.equal([]);
    });

    async function firstToken(lock: RedisLock): Promise<number> {
      const lease = await eventualLease(lock, 600);
      await lease.release();
      return lease.token;
    }

    async function eventualLease(lock: RedisLock, leaseMs: number) {
      let lease = await lock.acquire(['stock:1'], { leaseMs }).catch(() => undefined);
      await eventually(async () => {
        lease ??= await lock.acquire(['stock:1'], { leaseMs });
      });
      if (!lease) throw new Error('no lease');
      return lease;
    }
  });
});

async function connectBySentinels({ masterName, sentinels }: RedisSentinels) {
  const sentinel = createSentinel(redisSentinelOptions(masterName, sentinels));
  sentinel.on('error', () => {});
  const subscriber = new SentinelSubscriber(sentinel);
  // Tries again like the product, because on a busy machine the first connect may fail.
  await eventually(() => sentinel.connect());
  const clients = { commands: new SentinelCommands(sentinel), subscriber };
  return {
    lock: (settings) => new RedisLock(clients, settings),
    destroy() {
      subscriber.destroy();
      void sentinel.destroy();
    },
  } satisfies LockProcess & { lock(settings: object): RedisLock };
}
