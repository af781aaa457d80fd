import { expect } from 'chai';
import { createClient } from 'redis';
import {
  connectLock,
  LockBusyError,
  LockUnavailableError,
} from '../../../src/adapters/lock/exports.js';
import { rejection } from '../../support/rejection.js';
import { RedisServer } from './support/redis-server.js';

describe('connectLock', function () {
  this.timeout(60_000);
  let server: RedisServer;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());

  async function connect() {
    const client = createClient({ url: server.url });
    client.on('error', () => {});
    await client.connect();
    return { client, lock: await connectLock(client) };
  }

  it('makes a lock from a plain node-redis client, which excludes other processes', async () => {
    const [a, b] = await Promise.all([connect(), connect()]);
    {
      await using lease = await a.lock.acquire(['stock:1']);
      lease.assertHeld();
      const refusal = await rejection(b.lock.acquire(['stock:1'], { waitMs: 0 }));
      expect(refusal).to.be.instanceOf(LockBusyError);
    }
    await (await b.lock.acquire(['stock:1'])).release();
    for (const { client, lock } of [a, b]) {
      await lock.close();
      client.destroy();
    }
  });

  it('grants no unguarded lease while Redis is down', async () => {
    const { client, lock } = await connect();
    await server.down();
    const refusal = await rejection(lock.acquire(['stock:1']));
    expect(refusal).to.be.instanceOf(LockUnavailableError);
    await server.up();
    await lock.close();
    client.destroy();
  });
});
