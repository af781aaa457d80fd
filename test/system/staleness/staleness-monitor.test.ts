import { expect } from 'chai';
import { StalenessMonitor } from '../../../src/application/staleness/staleness-monitor.js';
import { MonitoredUnitOfWork } from '../../../src/application/unit-of-work/layers/1-monitored-unit-of-work.js';
import { UnitOfWork } from '../../../src/domain/ports/unit-of-work.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { rejection } from '../../support/rejection.js';

/** A cache and a database with the values that the test sets, on a clock that the test moves. */
class Truth {
  current = 2;
  cached = 2;
  nowMs = 0;
  readonly observed: number[] = [];

  monitor(share: number, afterMs: readonly number[] = [0]): StalenessMonitor {
    return new StalenessMonitor(
      { current: async () => this.current, cached: async () => this.cached },
      {
        share,
        afterMs,
        nowMs: () => this.nowMs,
        observe: (staleMs) => this.observed.push(staleMs),
      },
    );
  }
}

describe('The staleness monitor', () => {
  it('reports 0 for a current answer', async () => {
    const truth = new Truth();
    truth.monitor(1).written(['product:1']);
    await eventually(() => expect(truth.observed).to.deep.equal([0]));
  });

  it('reports how long an answer had been replaced', async () => {
    const truth = new Truth();
    truth.cached = 1;
    truth.monitor(1, [0, 40, 80]).written(['product:1']);
    const clock = setInterval(() => {
      truth.nowMs += 10;
    }, 5);
    await eventually(() => expect(truth.observed).to.have.length(3));
    clearInterval(clock);
    expect(truth.observed[0]).to.equal(0);
    expect(truth.observed[2]).to.be.greaterThan(truth.observed[1] as number);
  });

  it('samples nothing when the share is 0 or when it is closed', async () => {
    const truth = new Truth();
    truth.monitor(0).written(['product:1']);
    const closed = truth.monitor(1);
    closed.written(['product:1']);
    closed.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(truth.observed).to.deep.equal([]);
  });

  it('samples the invalidated resources of a unit after its commit', async () => {
    const truth = new Truth();
    const fails = Promise.reject(new Error('rolled back'));
    fails.catch(() => {});
    class Unit extends UnitOfWork {
      override run = <T>(_options: unknown, work: (tx: never) => Promise<T>) => work({} as never);
    }
    const unitOfWork = new MonitoredUnitOfWork(new Unit(), truth.monitor(1));
    const invalidates = { resources: ['product:1', 'product:2'] };
    await unitOfWork.run({ locks: [] }, async () => 'nothing cached');
    await rejection(unitOfWork.run({ locks: [], invalidates }, () => fails));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(truth.observed).to.deep.equal([]);
    await unitOfWork.run({ locks: [], invalidates }, async () => 'changed');
    await eventually(() => expect(truth.observed).to.deep.equal([0, 0]));
  });
});
