import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Job, type JobDefinition } from '../../../src/adapters/jobs/job.js';
import type { JobObserver } from '../../../src/adapters/jobs/job-observer.js';
import { SystemClock } from '../../../src/adapters/system/system-clock.js';
import { SweeperElection } from '../../../src/application/sweeping/sweeper-election.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { InMemoryShop } from '../../support/in-memory/in-memory-shop.js';

const LONG_MS = 60_000;

/** Records the outcome of every run: `ok`, `failed`, or `failed again`. */
class RecordingObserver implements JobObserver {
  readonly outcomes: string[] = [];

  succeeded(): void {
    this.outcomes.push('ok');
  }

  failed(_job: string, _error: unknown, isRepeat: boolean): void {
    this.outcomes.push(isRepeat ? 'failed again' : 'failed');
  }
}

describe('A job', () => {
  let job: Job | undefined;
  let observer: RecordingObserver;
  let runs: number[];

  beforeEach(() => {
    observer = new RecordingObserver();
    runs = [];
  });

  afterEach(() => job?.stop());

  function start(
    definition: Omit<JobDefinition, 'name' | 'run'>,
    work: (run: number, stopped: AbortSignal) => unknown,
  ): Job {
    const run = async (stopped: AbortSignal) => {
      runs.push(Date.now());
      return work(runs.length, stopped);
    };
    job = new Job({ ...definition, name: 'test', run }, new SystemClock(), observer);
    job.start();
    return job;
  }

  it('continues after a failure, and reports whether it failed before', async () => {
    const outcomes = ['fails', 'fails', 'works', 'fails'];
    start({ everyMs: 1 }, () => {
      if (outcomes.shift() === 'fails') throw new Error('no');
    });
    const expected = ['failed', 'failed again', 'ok', 'failed', 'ok'];
    await eventually(() => expect(observer.outcomes.slice(0, 5)).to.deep.equal(expected));
  });

  it('does not run before its first pause is over', async () => {
    await start({ everyMs: LONG_MS }, () => undefined).stop();
    expect(runs).to.have.length(0);
  });

  it('runs at its start when its definition says so, and again when the next run is due', async () => {
    let due = 0;
    start({ everyMs: LONG_MS, runsAtStart: true }, (run) => {
      due = run === 1 ? Date.now() + 60 : due;
      return run === 1 ? new Date(due) : undefined;
    });
    await eventually(() => expect(runs).to.have.length(2));
    expect(runs[1]).to.be.at.least(due - 1);
  });

  it('runs after its longest pause although the next run is due later', async () => {
    start({ everyMs: 20, runsAtStart: true }, () => new Date(Date.now() + LONG_MS));
    await eventually(() => expect(runs.length).to.be.at.least(3));
  });

  it('pauses between two runs although the next run is overdue', async () => {
    start({ everyMs: LONG_MS, runsAtStart: true }, () => new Date(0));
    const begun = Date.now();
    await eventually(() => expect(runs.length).to.be.at.least(2));
    await sleep(150);
    const asOften = (Date.now() - begun) / runs.length;
    expect(asOften, 'milliseconds a run').to.be.at.least(7);
  });

  it('runs soon when it is asked during a pause', async () => {
    const asked = start({ everyMs: LONG_MS }, () => undefined);
    asked.runSoon();
    await eventually(() => expect(runs).to.have.length(1));
  });

  it('runs once more when it is asked during a run', async () => {
    let ask = () => {};
    const subscribe = (runSoon: () => void) => {
      ask = runSoon;
    };
    start({ everyMs: LONG_MS, runsAtStart: true, subscribe }, (run) => {
      if (run === 1) ask();
    });
    await eventually(() => expect(runs).to.have.length(2));
  });

  it('waits for its period after a failure when that is shorter than the first retry', async () => {
    start({ everyMs: 30, runsAtStart: true }, () => {
      throw new Error('no');
    });
    await eventually(() => expect(observer.outcomes.length).to.be.at.least(2));
    expect(runs[1] as number).to.be.at.least((runs[0] as number) + 29);
  });

  it('retries soon after a failed run, long before its period is over', async () => {
    start({ everyMs: LONG_MS, runsAtStart: true }, (run) => {
      if (run === 1) throw new Error('no');
    });
    await eventually(() => expect(observer.outcomes).to.deep.equal(['failed', 'ok']));
    expect((runs[1] as number) - (runs[0] as number)).to.be.at.least(999);
  });

  it('stops during a pause, and ends a run before it stops', async () => {
    await start({ everyMs: LONG_MS, runsAtStart: true }, () => undefined).stop();
    expect(runs).to.have.length(1);
    let ended = false;
    const slow = start({ everyMs: LONG_MS, runsAtStart: true }, async (_, stopped) => {
      await sleep(30);
      expect(stopped.aborted).to.equal(true);
      ended = true;
    });
    await slow.stop();
    expect(ended).to.equal(true);
  });

  it('reports no failure of a run that its stop has interrupted', async () => {
    let running = false;
    let ended = false;
    const interrupted = start({ everyMs: 1 }, async (_, stopped) => {
      running = true;
      await new Promise((resolve) => stopped.addEventListener('abort', resolve));
      ended = true;
      throw new Error('interrupted');
    });
    await eventually(() => expect(running).to.equal(true));
    await interrupted.stop();
    expect({ ended, outcomes: observer.outcomes }).to.deep.equal({ ended: true, outcomes: [] });
  });

  it('gives up its leadership when it stops, so that another process leads at once', async () => {
    const { unitOfWork, clock, ids } = new InMemoryShop();
    const leaderOf = (process: string) => new SweeperElection(unitOfWork, clock, process, LONG_MS);
    const [leader, other] = [leaderOf(ids.next()), leaderOf(ids.next())];
    const leading = start({ everyMs: LONG_MS, runsAtStart: true, leader }, () => leader.take());
    await eventually(() => expect(observer.outcomes).to.deep.equal(['ok']));
    expect(await other.take()).to.equal(false);
    await leading.stop();
    expect(await other.take()).to.equal(true);
  });
});
