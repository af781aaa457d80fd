import { expect } from 'chai';
import { ConcurrencyLimit } from '../../src/application/order-queue/concurrency-limit.js';
import { CustomerConcurrency } from '../../src/application/order-queue/customer-concurrency.js';
import { eventually } from '../../tools/servers/eventually.js';
import { rejection } from '../support/rejection.js';

describe('A concurrency limit', () => {
  let limit: ConcurrencyLimit;
  let idle: number;
  let running: string[];
  let gates: Map<string, PromiseWithResolvers<void>>;

  beforeEach(() => {
    idle = 0;
    limit = new ConcurrencyLimit(100, () => {
      idle += 1;
    });
    running = [];
    gates = new Map();
  });

  function enter(name: string, size: number, signal?: AbortSignal): Promise<string> {
    const gate = Promise.withResolvers<void>();
    gates.set(name, gate);
    const work = async () => {
      running.push(name);
      await gate.promise;
      return name;
    };
    return limit.within(size, work, signal);
  }
  const nextTick = () => new Promise(setImmediate);
  const isIdle = () => eventually(() => expect(idle).to.equal(1));

  it('runs work while it fits, and the rest in the order of its arrival', async () => {
    const all = [enter('a', 60), enter('b', 60), enter('c', 10)];
    await nextTick();
    expect(running).to.deep.equal(['a']);
    gates.get('a')?.resolve();
    await eventually(() => expect(running).to.deep.equal(['a', 'b', 'c']));
    for (const gate of gates.values()) gate.resolve();
    expect(await Promise.all(all)).to.deep.equal(['a', 'b', 'c']);
    await isIdle();
  });

  it('runs work alone that is larger than the capacity, and never delays work of size 0', async () => {
    const all = [enter('large', 500), enter('small', 1), enter('none', 0)];
    await nextTick();
    expect(running).to.have.members(['large', 'none']);
    for (const gate of gates.values()) gate.resolve();
    await Promise.all(all);
    expect(running).to.have.members(['large', 'none', 'small']);
    await isIdle();
  });

  it('frees its capacity when work has failed', async () => {
    const failing = limit.within(100, () => Promise.reject(new Error('no')));
    expect(await rejection(failing)).to.have.property('message', 'no');
    expect(await limit.within(100, async () => 'next')).to.equal('next');
  });

  it('runs the work behind an aborted waiter when it fits', async () => {
    const client = new AbortController();
    const first = enter('first', 60);
    const gone = rejection(enter('gone', 100, client.signal));
    const behind = enter('behind', 40);
    await nextTick();
    client.abort(new Error('hung up'));
    expect(await gone).to.have.property('message', 'hung up');
    await nextTick();
    expect(running).to.deep.equal(['first', 'behind']);
    for (const gate of gates.values()) gate.resolve();
    await Promise.all([first, behind]);
    expect(await rejection(enter('late', 1, client.signal))).to.have.property('message', 'hung up');
  });
});

describe('The large orders of a customer', () => {
  const order = (userId: string, items: number) => ({
    userId,
    items: Array.from({ length: items }, (_, i) => ({ productId: `${i}`, quantity: 1 })),
  });

  it('run one at a time, beside small orders and the orders of other customers', async () => {
    const limits = new CustomerConcurrency();
    const gate = Promise.withResolvers<void>();
    const running: string[] = [];
    const enter = (userId: string, items: number) =>
      limits.within(order(userId, items), async () => {
        running.push(`${userId} ${items}`);
        await gate.promise;
      });
    const all = [100, 100, 1].map((items) => enter('alice', items));
    all.push(enter('bob', 100));
    await new Promise(setImmediate);
    const first = ['alice 100', 'alice 1', 'bob 100'];
    expect(running).to.have.members(first);
    gate.resolve();
    await Promise.all(all);
    expect(running).to.have.members([...first, 'alice 100']);
  });
});
