import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { queue, queueReport } from '../scenarios/queue.js';
import { brokenClaims } from '../support/fault-scenario.js';
import { details } from '../support/summary.js';
import { judgeQueue, type ProductRow, type QueueRecord } from './judge-queue.js';

describe('Orders through Kafka when an instance and then Kafka itself goes down', function () {
  this.timeout(400_000);

  it('are all settled once, in the sequence of each product; only poisoned messages are dead letters', async () => {
    const seed = randomInt(2 ** 31);
    const outcome = await queueReport({ orders: 400, seconds: 0.5, seed });
    const shown = `--seed ${seed}\n${details({ scenario: queue, outcome })}`;
    expect(brokenClaims(outcome), shown).to.deep.equal([]);
    expect(outcome.done, shown).to.have.length(6);
  });
});

describe('The judge of the queue under faults', () => {
  const row: ProductRow = {
    productId: 'tea',
    units: 2,
    requests: [
      { id: '1', status: 'CONFIRMED', orderId: 'a' },
      { id: '2', status: 'CONFIRMED', orderId: 'b' },
      { id: '3', status: 'REJECTED', code: 'insufficient_stock' },
    ],
    stock: { available: 0, held: 0 },
  };
  const headers = {
    cause: 'TypeError: the message is not an order request',
    'source-topic': 'orders',
    'source-partition': '1',
    'source-offset': '7',
  };
  const right: QueueRecord = {
    rows: [row],
    orderIds: ['b', 'a'],
    poison: ['{}'],
    letters: [{ key: 'tea', value: '{}', headers }],
    topic: 'orders',
  };
  const broken = (record: Partial<QueueRecord>) =>
    judgeQueue({ ...right, ...record })
      .filter((verdict) => verdict.broken.length > 0)
      .map(({ claim }) => claim);
  const withRequests = (...changed: ProductRow['requests']) => ({
    rows: [{ ...row, requests: changed }],
  });
  const [first, second, third] = row.requests as [
    ProductRow['requests'][0],
    ProductRow['requests'][0],
    ProductRow['requests'][0],
  ];

  it('finds nothing when everything is correct', () => {
    expect(broken({})).to.deep.equal([]);
  });

  it('proves nothing when nothing was ordered, or no message was poisoned', () => {
    const nothing = { rows: [], orderIds: [], poison: [], letters: [] };
    expect(broken(nothing)).to.have.lengthOf(5);
    expect(broken({ poison: [], letters: [] })).to.deep.equal([
      'the dead letters are the poisoned messages',
    ]);
  });

  it('finds a request that was never settled', () => {
    const claims = broken(withRequests(first, second, { id: '3', status: 'QUEUED' }));
    expect(claims).to.include('every 202 is settled');
  });

  it('finds an order that was made twice, is missing, or has no request', () => {
    for (const orderIds of [['a', 'b', 'c'], ['a'], ['a', 'a', 'b']]) {
      expect(broken({ orderIds })).to.deep.equal([
        'each is settled once, and nothing else is ordered',
      ]);
    }
    const same = withRequests(first, { ...second, orderId: 'a' }, third);
    expect(broken(same)).to.include('each is settled once, and nothing else is ordered');
  });

  it('finds a request that overtook another', () => {
    const swapped = { ...first, orderId: 'b' };
    const others = { ...second, orderId: 'a' };
    for (const requests of [
      [swapped, others, third],
      [first, { ...third, id: '2' }, { ...second, id: '3' }],
    ]) {
      expect(broken(withRequests(...requests))).to.deep.equal([
        'each product’s are settled in the order of arrival',
      ]);
    }
  });

  it('finds stock that does not match the orders', () => {
    for (const stock of [
      { available: 1, held: 0 },
      { available: 0, held: 1 },
    ]) {
      expect(broken({ rows: [{ ...row, stock }] })).to.deep.equal(['the stock is exact']);
    }
  });

  it('counts a dead letter that was stored twice once, by the offset of its message', () => {
    const [letter] = right.letters as [QueueRecord['letters'][0]];
    expect(broken({ letters: [letter, { ...letter }] })).to.deep.equal([]);
  });

  it('finds a missing dead letter, one too many, or one without its cause', () => {
    const [letter] = right.letters as [QueueRecord['letters'][0]];
    const another = { ...letter, headers: { ...headers, 'source-offset': '8' } };
    const untold = { ...letter, headers: { ...headers, cause: '' } };
    for (const letters of [[], [letter, another], [untold]]) {
      expect(broken({ letters })).to.deep.equal(['the dead letters are the poisoned messages']);
    }
  });
});
