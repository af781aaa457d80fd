import { expect } from 'chai';
import { instanceFigures } from '../../../../src/adapters/http/lab/cluster/instance-figures.js';
import { createRegistry } from '../../../../src/adapters/http/operations/http-metrics.js';
import { CacheMetrics } from '../../../../src/adapters/telemetry/cache-metrics.js';
import { LockMetrics } from '../../../../src/adapters/telemetry/lock-metrics.js';
import { OrderQueueMetrics } from '../../../../src/adapters/telemetry/order-queue-metrics.js';

describe('The figures of an instance in the cluster panel', () => {
  const NOW = new Date();

  function measured() {
    const registry = createRegistry('one');
    const cache = new CacheMetrics(registry);
    const lock = new LockMetrics(registry);
    const queue = new OrderQueueMetrics(registry);
    return { cache, lock, queue, read: () => instanceFigures(registry) };
  }

  it('are zero, or not known, before anything was measured', async () => {
    expect(await measured().read()).to.deep.equal({
      isInSync: false,
      figures: {
        invalidations: { byMessage: 0, byComparison: 0 },
        staleness: { samples: 0, stale: 0, atMostMs: null },
        lock: { waits: 0, waitedMs: 0, leasesLost: 0 },
        queue: { outbox: null, kafka: null },
      },
    });
  });

  it('count invalidations by the way they arrived', async () => {
    const { cache, read } = measured();
    for (const by of ['message', 'replay', 'drop', 'message', 'message'] as const) {
      cache.invalidated(by);
    }
    cache.inSync(true);
    const { isInSync, figures } = await read();
    expect(isInSync).to.equal(true);
    expect(figures.invalidations).to.deep.equal({ byMessage: 3, byComparison: 2 });
  });

  it('name the stale samples, and what none of them exceeds', async () => {
    const { cache, read } = measured();
    for (const ms of [0, 0, 30, 0]) cache.staleness(ms);
    expect((await read()).figures.staleness).to.deep.equal({ samples: 4, stale: 1, atMostMs: 50 });
    cache.staleness(60_000);
    expect((await read()).figures.staleness).to.deep.equal({
      samples: 5,
      stale: 2,
      atMostMs: null,
    });
  });

  it('add up the waits for locks, however they ended', async () => {
    const { lock, read } = measured();
    lock.waited(10, 'granted');
    lock.waited(500, 'busy');
    lock.lost();
    const { waits, waitedMs, leasesLost } = (await read()).figures.lock;
    expect({ waits, leasesLost }).to.deep.equal({ waits: 2, leasesLost: 1 });
    expect(waitedMs).to.be.closeTo(510, 0.001);
  });

  it('count the order requests that wait, and not the events', async () => {
    const { queue, read } = measured();
    queue.measuredOutbox('orders', { entries: 3, oldestAt: NOW }, NOW);
    queue.measuredOutbox('events', { entries: 40, oldestAt: NOW }, NOW);
    const lagOf = (...lags: number[]) => ({ lag: new Map(lags.entries()), deadLetters: 0 });
    queue.measuredKafka(
      new Map([
        ['orders', lagOf(2, 5)],
        ['events', lagOf(40)],
      ]),
    );
    expect((await read()).figures.queue).to.deep.equal({ outbox: 3, kafka: 7 });
  });

  it('do not know what waits while the database and Kafka do not answer', async () => {
    const { queue, read } = measured();
    queue.measuredOutbox('orders', undefined, NOW);
    queue.measuredKafka(undefined);
    expect((await read()).figures.queue).to.deep.equal({ outbox: null, kafka: null });
  });
});
