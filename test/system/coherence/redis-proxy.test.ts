import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../tools/servers/server.js';
import { connect, type TestClient } from '../../adapters/lock/support/redis-clients.js';
import { RedisProxy } from './redis-proxy.js';

describe('The proxy of the coherence trial', () => {
  let redis: Server;
  let proxy: RedisProxy;
  let bus: TestClient;
  let commands: TestClient;
  let received: string[];

  before(async () => {
    redis = await startRedis();
  });
  after(() => redis.close());

  beforeEach(async () => {
    proxy = await RedisProxy.start(redis.url);
    [bus, commands] = await Promise.all([connect(proxy.url), connect(proxy.url)]);
    received = [];
    await bus.subscribe('coherence:proxy', (message) => void received.push(message));
  });
  afterEach(async () => {
    bus.destroy();
    commands.destroy();
    await proxy[Symbol.asyncDispose]();
  });

  const publish = (message: string) => commands.publish('coherence:proxy', message);

  it('drops the messages of the bus while its sockets stay open', async () => {
    proxy.begin({ bytes: 'dropped', of: 'bus' });
    expect(await publish('lost')).to.equal(1);
    // The answer may arrive before the message on the bus.
    await eventually(() => expect(proxy.heldUp).to.be.greaterThan(0));
    proxy.end();
    await publish('lost as well');
    await commands.ping();
    expect(received).to.deep.equal([]);
    expect(bus.isReady).to.equal(true);
  });

  it('delivers delayed messages when the fault is over', async () => {
    proxy.begin({ bytes: 'delayed', of: 'bus' });
    await publish('late');
    await eventually(() => expect(proxy.heldUp).to.be.greaterThan(0));
    expect(received).to.deep.equal([]);
    proxy.end();
    await eventually(() => expect(received).to.deep.equal(['late']));
  });

  it('answers no command while everything is dropped', async () => {
    proxy.begin({ bytes: 'dropped', of: 'all' });
    const answer = await Promise.race([
      commands.ping(),
      new Promise((resolve) => setTimeout(() => resolve('silence'), 100)),
    ]);
    expect(answer).to.equal('silence');
  });
});
