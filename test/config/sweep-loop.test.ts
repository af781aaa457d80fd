import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type SweepLoop, sweepLoop } from '../../src/adapters/jobs/sweep-loop.js';
import { SystemClock } from '../../src/adapters/system/system-clock.js';
import { eventually } from '../../tools/servers/eventually.js';

const LONGEST_MS = 60_000;

describe('The loop of the sweeper', () => {
  let loop: SweepLoop | undefined;
  let runs: number[];
  let errors: unknown[];

  beforeEach(() => {
    runs = [];
    errors = [];
  });

  afterEach(() => loop?.stop());

  function start(longestMs: number, next: (run: number) => Date | undefined): void {
    const work = async () => {
      runs.push(Date.now());
      return next(runs.length);
    };
    loop = sweepLoop(new SystemClock(), longestMs, work, (error) => errors.push(error));
  }

  it('runs at once, and again when the next is due', async () => {
    let due = 0;
    start(LONGEST_MS, (run) => {
      due = run === 1 ? Date.now() + 60 : due;
      return run === 1 ? new Date(due) : undefined;
    });
    await eventually(() => expect(runs).to.have.length(2));
    expect(runs[1]).to.be.at.least(due - 1);
  });

  it('looks again after the longest pause, for what was added elsewhere', async () => {
    start(20, () => new Date(Date.now() + LONGEST_MS));
    await eventually(() => expect(runs.length).to.be.at.least(3));
  });

  it('never polls hot, whatever is overdue', async () => {
    start(LONGEST_MS, () => new Date(0));
    const begun = Date.now();
    await eventually(() => expect(runs.length).to.be.at.least(2));
    await sleep(150);
    const asOften = (Date.now() - begun) / runs.length;
    expect(asOften, 'milliseconds a run').to.be.at.least(7);
  });

  it('goes on after a failure, at its pace, and tells of it', async () => {
    start(30, () => {
      throw new Error('no');
    });
    await eventually(() => expect(errors.length).to.be.at.least(2));
    expect(runs[1] as number).to.be.at.least((runs[0] as number) + 29);
  });

  it('stops in the middle of a pause, but not in the middle of a run', async () => {
    start(LONGEST_MS, () => undefined);
    await loop?.stop();
    expect(runs).to.have.length(1);
    let ended = false;
    const slow = async (stopped: AbortSignal) => {
      await sleep(30);
      expect(stopped.aborted).to.equal(true);
      ended = true;
      return undefined;
    };
    loop = sweepLoop(new SystemClock(), LONGEST_MS, slow, () => {});
    await loop.stop();
    expect(ended).to.equal(true);
  });
});
