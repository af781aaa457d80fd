import { expect } from 'chai';
import { LockUnavailableError } from '../../../src/adapters/lock/lock.js';
import { refusalOf } from '../../contract/lock-harness.js';
import { acquireBlock } from './support/acquire-block.js';
import { connect } from './support/redis-clients.js';
import { type RedisHarness, redisHarness } from './support/redis-harness.js';
import { RedisServer } from './support/redis-server.js';

describe('Calls that are made together', () => {
  let server: RedisServer;
  let made: RedisHarness;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());
  beforeEach(async () => {
    made = await redisHarness(server.url, 1, {});
    // The first acquire also subscribes.
    await (await made.a.acquire(['warm'])).release();
  });
  afterEach(() => made.close());

  const keys = Array.from({ length: 20 }, (_, i) => `stock:${i}`);
  const requests = async () => made.service?.requests() ?? Number.NaN;

  it('go to Redis as one request after the first call, and so do their releases', async () => {
    const before = await requests();
    const leases = await Promise.all(keys.map((key) => made.a.acquire([key])));
    await Promise.all(leases.map((lease) => lease.release()));
    // Redis may not know the script yet.
    expect((await requests()) - before).to.be.within(4, 5);
  });

  it('for one key go to Redis in the order of the calls', async () => {
    const first = await made.a.acquire(['stock:1']);
    const released = first.release();
    const second = made.a.acquire(['stock:1', 'stock:2'], { waitMs: 0 });
    await released;
    await (await second).release();
  });

  it('are each granted with their own lease and tokens', async () => {
    const leaseMs = [1_000, 2_000, 1_000, 2_000];
    const leases = await Promise.all(
      leaseMs.map((ms, i) => acquireBlock(made.a, [`stock:${i}`], i + 1, { leaseMs: ms })),
    );
    for (const lease of leases) lease.assertHeld();
    await Promise.all(leases.map((lease) => lease.release()));
  });

  it('do not fail when another call of the batch fails', async () => {
    const client = await connect(server.url);
    const lease = await made.a.acquire(['order:7']);
    const [lockKey = ''] = await client.keys('*{order:7}');
    await lease.release();
    await client.set(`${lockKey}:queue`, 'no sorted set');
    const [bad, ...good] = ['order:7', 'order:8', 'order:9'].map((key) => made.a.acquire([key]));
    expect(await refusalOf(bad ?? Promise.resolve())).to.be.instanceOf(LockUnavailableError);
    for (const other of await Promise.all(good)) await other.release();
    client.destroy();
  });
});
