import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { InterruptibleSubscriber } from '../../../src/adapters/redis/interruptible-subscriber.js';
import { eventually } from '../../contract/eventually.js';
import { connectPair } from '../lock/support/redis-clients.js';
import { RedisServer } from '../lock/support/redis-server.js';

describe('A subscriber that can be cut off', () => {
  let server: RedisServer;
  let clients: Awaited<ReturnType<typeof connectPair>>;
  let subscriber: InterruptibleSubscriber;
  let received: string[];
  let readies: number;

  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());

  beforeEach(async () => {
    clients = await connectPair(server.url);
    subscriber = new InterruptibleSubscriber(clients.subscriber);
    received = [];
    readies = 0;
    subscriber.on('ready', () => {
      readies += 1;
    });
    await subscriber.subscribe('channel', (message) => received.push(message));
  });
  afterEach(() => clients.destroy());

  /** Returns how many connections of the server got it. */
  const publish = async (message: string) =>
    Number(await clients.commands.sendCommand(['PUBLISH', 'channel', message]));

  const isCutOff = () => eventually(async () => (await publish('lost')) === 0);

  it('gets nothing while it is cut off, and then subscribes again by itself', async () => {
    expect(await publish('before')).to.equal(1);
    await eventually(() => received.includes('before'));
    subscriber.interrupt(60_000);
    expect(subscriber.interruptedForMs).to.be.greaterThan(0);
    await isCutOff();
    expect(readies).to.equal(0);
    // The later call counts.
    subscriber.interrupt(100);
    await eventually(() => readies === 1);
    expect(subscriber.interruptedForMs).to.equal(0);
    expect(await publish('after')).to.equal(1);
    await eventually(() => received.includes('after'));
    expect(received).not.to.include('lost');
  });

  it('subscribes again at once when the interruption is ended', async () => {
    subscriber.interrupt(60_000);
    await isCutOff();
    subscriber.interrupt(0);
    await eventually(() => readies === 1);
    expect(await publish('after')).to.equal(1);
  });

  it('subscribes again also when Redis has not yet confirmed that it unsubscribed', async () => {
    server.pause();
    subscriber.interrupt(60_000);
    subscriber.interrupt(0);
    // By then it has tried to subscribe, if it does not wait for the confirmation.
    await delay(50);
    server.resume();
    await eventually(() => readies === 1);
    expect(await publish('after')).to.equal(1);
    await eventually(() => received.includes('after'));
  });

  it('stays cut off when its connection comes back meanwhile', async () => {
    await server.down();
    await eventually(() => !clients.subscriber.isReady);
    subscriber.interrupt(60_000);
    await server.up();
    await eventually(() => clients.subscriber.isReady && clients.commands.isReady);
    // Whether Redis sends it depends on when the connection was lost.
    await publish('lost');
    await clients.subscriber.ping();
    subscriber.interrupt(0);
    await eventually(async () => (await publish('after')) === 1);
    await eventually(() => received.includes('after'));
    expect(received).not.to.include('lost');
  });

  it('subscribes to nothing when its owner unsubscribed meanwhile', async () => {
    subscriber.interrupt(60_000);
    await isCutOff();
    await subscriber.unsubscribe('channel');
    subscriber.interrupt(0);
    await eventually(() => readies === 1);
    expect(await publish('nobody')).to.equal(0);
  });
});
