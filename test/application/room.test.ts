import { expect } from 'chai';
import { CustomerRooms } from '../../src/application/order-queue/customer-rooms.js';
import { Room } from '../../src/application/order-queue/room.js';
import { eventually } from '../../tools/servers/eventually.js';
import { rejection } from '../support/rejection.js';

describe('Room', () => {
  let room: Room;
  let emptied: number;
  let inside: string[];
  let gates: Map<string, PromiseWithResolvers<void>>;

  beforeEach(() => {
    emptied = 0;
    room = new Room(100, () => {
      emptied += 1;
    });
    inside = [];
    gates = new Map();
  });

  function enter(name: string, size: number, signal?: AbortSignal): Promise<string> {
    const gate = Promise.withResolvers<void>();
    gates.set(name, gate);
    const work = async () => {
      inside.push(name);
      await gate.promise;
      return name;
    };
    return room.within(size, work, signal);
  }
  const turn = () => new Promise(setImmediate);
  const empty = () => eventually(() => expect(emptied).to.equal(1));

  it('lets work in while there is room, and the rest in the order it came', async () => {
    const all = [enter('a', 60), enter('b', 60), enter('c', 10)];
    await turn();
    expect(inside).to.deep.equal(['a']);
    gates.get('a')?.resolve();
    await eventually(() => expect(inside).to.deep.equal(['a', 'b', 'c']));
    for (const gate of gates.values()) gate.resolve();
    expect(await Promise.all(all)).to.deep.equal(['a', 'b', 'c']);
    await empty();
  });

  it('lets in alone what is larger than itself, and never keeps out what has no size', async () => {
    const all = [enter('large', 500), enter('small', 1), enter('none', 0)];
    await turn();
    expect(inside).to.have.members(['large', 'none']);
    for (const gate of gates.values()) gate.resolve();
    await Promise.all(all);
    expect(inside).to.have.members(['large', 'none', 'small']);
    await empty();
  });

  it('has room again when work failed', async () => {
    const failing = room.within(100, () => Promise.reject(new Error('no')));
    expect(await rejection(failing)).to.have.property('message', 'no');
    expect(await room.within(100, async () => 'next')).to.equal('next');
  });

  it('lets those behind pass when one who waits leaves', async () => {
    const client = new AbortController();
    const first = enter('first', 60);
    const gone = rejection(enter('gone', 100, client.signal));
    const behind = enter('behind', 40);
    await turn();
    client.abort(new Error('hung up'));
    expect(await gone).to.have.property('message', 'hung up');
    await turn();
    expect(inside).to.deep.equal(['first', 'behind']);
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

  it('are at work one at a time, beside small ones and those of others', async () => {
    const rooms = new CustomerRooms();
    const gate = Promise.withResolvers<void>();
    const inside: string[] = [];
    const enter = (userId: string, items: number) =>
      rooms.within(order(userId, items), async () => {
        inside.push(`${userId} ${items}`);
        await gate.promise;
      });
    const all = [100, 100, 1].map((items) => enter('alice', items));
    all.push(enter('bob', 100));
    await new Promise(setImmediate);
    const first = ['alice 100', 'alice 1', 'bob 100'];
    expect(inside).to.have.members(first);
    gate.resolve();
    await Promise.all(all);
    expect(inside).to.have.members([...first, 'alice 100']);
  });
});
