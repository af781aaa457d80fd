import { createClient } from '@redis/client';
import { expect } from 'chai';
import {
  connectLock,
  LockBusyError,
  LockUnavailableError,
  lockStack,
} from '../../../src/adapters/lock/exports.js';
import { rejection } from '../../support/rejection.js';
import { connectPair } from './support/redis-clients.js';
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

describe('lockStack', () => {
  let server: RedisServer;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());

  it('calls at most twelve functions between an acquire and the connection', async () => {
    const pair = await connectPair(server.url);
    const ways: string[][] = [];
    const { commands, subscriber } = pair;
    const watched = {
      ...{ on: () => {}, off: () => {}, isReady: true },
      sendCommand(args: readonly string[]) {
        ways.push(ownCalls(this.sendCommand));
        return commands.sendCommand(args);
      },
    };
    const { lock, close } = lockStack({ commands: watched, subscriber }, everything);
    await (await lock.acquire(['stock:1'])).release();
    ways.splice(0);
    const lease = await lock.acquire(['stock:1']);
    expect(ways).to.have.length(1);
    expect(ways[0]?.length, ways.join('\n')).to.be.within(1, 12);
    await lease.release();
    await close();
    pair.destroy();
  });
});

/**
 * All layers of the stack. The long timeout is for busy machines, which must not look like a Redis
 * that is down.
 */
const everything = { unguardedWhileDown: true, commandTimeoutMs: 2_000 };

/** The functions of this repository that called `callee`, without those of a test. */
function ownCalls(callee: (...args: never[]) => unknown): string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 100;
  const trace = { stack: '' };
  Error.captureStackTrace(trace, callee);
  Error.stackTraceLimit = stackTraceLimit;
  return trace.stack.split('\n').filter((line) => line.includes('/src/adapters/'));
}
