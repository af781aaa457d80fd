import { expect } from 'chai';
import type { KafkaDelivered } from '../../../src/adapters/queue/kafka/kafka-delivered.js';
import { PartitionLane } from '../../../src/adapters/queue/kafka/partition-lane.js';
import { OrderedDelivery } from '../../../src/adapters/queue/ordered-delivery.js';
import { eventually } from '../../../tools/servers/eventually.js';

describe('The lane of a partition', () => {
  let events: string[];
  let over: AbortController;
  let settle: (ids: readonly string[]) => Promise<void>;
  let failures: unknown[];
  let settledMessages: number;
  let owners: Map<string, string>;
  let lane: PartitionLane<string>;

  beforeEach(() => {
    [events, failures, settledMessages] = [[], [], 0];
    owners = new Map();
    over = new AbortController();
    settle = async () => {};
    const delivery = new OrderedDelivery<string, KafkaDelivered<string>>({
      what: 'letter',
      settle: async (ids) => {
        await settle(ids);
        events.push(`settled ${ids.join()}`);
      },
      deadLetter: async ({ content }) => {
        events.push(`dead letter ${content}`);
      },
      attempts: 2,
      backoff: { firstMs: 1, longestMs: 1 },
      retried: () => {},
    });
    lane = new PartitionLane(
      delivery,
      (content) => owners.get(content),
      over.signal,
      (messages) => {
        settledMessages += messages;
      },
      (error) => failures.push(error),
    );
  });

  const message = (content: string, commit?: () => Promise<void>): KafkaDelivered<string> => ({
    content,
    key: Buffer.from('key'),
    value: Buffer.from(content),
    topic: 'orders',
    partition: 0,
    offset: 0n,
    commit: commit ?? (async () => void events.push(`committed ${content}`)),
  });

  it('commits an offset only after all messages before it are settled', async () => {
    for (const id of ['a', 'b', 'c']) lane.add(message(id));
    await eventually(() => expect(events.at(-1)).to.equal('committed c'));
    expect(events.join()).to.match(/^settled a,committed a,settled b,c,committed c$/);
    expect(settledMessages).to.equal(3);
  });

  it('serves owners by round robin, and keeps the order of the messages of each owner', async () => {
    const gate = Promise.withResolvers<void>();
    settle = () => gate.promise;
    const ids = Array.from({ length: 200 }, (_, i) => `a${i}`);
    for (const id of ids) owners.set(id, 'alice');
    for (const id of ids) lane.add(message(id));
    for (const id of ['b0', 'b1']) {
      owners.set(id, 'bob');
      lane.add(message(id));
    }
    gate.resolve();
    await eventually(() => expect(settledMessages).to.equal(202));
    const batches = events.filter((event) => event.startsWith('settled'));
    const settled = batches.flatMap((event) => event.replace('settled ', '').split(','));
    expect(settled.slice(0, 5)).to.deep.equal(['a0', 'a1', 'b0', 'a2', 'b1']);
    expect(settled.filter((id) => owners.get(id) === 'alice')).to.deep.equal(ids);
  });

  it('ends although the commit of an offset is never answered', async () => {
    const never = Promise.withResolvers<void>();
    lane.add(message('a', () => never.promise));
    await eventually(() => expect(events).to.deep.equal(['settled a']));
    over.abort();
    lane.add(message('b'));
    await lane.idle();
    expect(events).to.deep.equal(['settled a']);
    expect(failures).to.deep.equal([]);
  });

  it('waits for the commit of an offset that is answered after the end', async () => {
    const commit = Promise.withResolvers<void>();
    lane.add(message('a', () => commit.promise));
    await eventually(() => expect(events).to.deep.equal(['settled a']));
    over.abort();
    const idle = lane.idle().then(() => events.push('idle'));
    setTimeout(() => events.push('committed a') && commit.resolve(), 50);
    await idle;
    expect(events).to.deep.equal(['settled a', 'committed a', 'idle']);
  });

  it('commits no offset beyond a waiting message, although later messages are settled', async () => {
    const gate = Promise.withResolvers<void>();
    settle = async (batch) => {
      if (batch.includes('a65')) await gate.promise;
    };
    const ids = Array.from({ length: 80 }, (_, i) => `a${i}`);
    for (const id of ids) owners.set(id, 'alice');
    owners.set('b0', 'bob');
    for (const id of [...ids, 'b0']) lane.add(message(id));
    await eventually(() => expect(settledMessages).to.equal(65));
    expect(events.join()).to.include('b0');
    expect(events.at(-1)).to.equal('committed a63');
    gate.resolve();
    await eventually(() => expect(events.at(-1)).to.equal('committed b0'));
  });

  it('commits the offset of a dead letter, too', async () => {
    settle = async (ids) => {
      if (ids.includes('b')) throw new Error('poison');
    };
    for (const id of ['a', 'b', 'c']) lane.add(message(id));
    await eventually(() => expect(events.at(-1)).to.equal('committed c'));
    expect(events).to.deep.equal([
      'settled a',
      'committed a',
      'dead letter b',
      'settled c',
      'committed c',
    ]);
  });

  it('commits nothing after the partition was revoked', async () => {
    settle = async () => over.abort();
    lane.add(message('a'));
    lane.add(message('b'));
    await lane.idle();
    expect(events).to.deep.equal(['settled a']);
    expect(failures).to.deep.equal([]);
  });

  it('reports a failed commit, and stops', async () => {
    const failure = new Error('no commit');
    lane.add(message('a', () => Promise.reject(failure)));
    lane.add(message('b'));
    await lane.idle();
    expect(failures).to.deep.equal([failure]);
    expect(events).to.deep.equal(['settled a']);
  });
});
