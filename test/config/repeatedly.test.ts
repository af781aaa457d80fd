import { expect } from 'chai';
import { runPeriodically } from '../../src/adapters/jobs/run-periodically.js';
import { eventually } from '../../tools/servers/eventually.js';

describe('Work that is repeated', () => {
  it('goes on after a failure, which is told as new or as one of many', async () => {
    const outcomes = ['fails', 'fails', 'works', 'fails'];
    const told: boolean[] = [];
    const repetition = runPeriodically(
      1,
      async () => {
        if (outcomes.shift() === 'fails') throw new Error('no');
      },
      (_, again) => told.push(again),
    );
    await eventually(() => expect(told).to.deep.equal([false, true, false]));
    await repetition.stop();
  });

  it('stops at once while it pauses', async () => {
    let runs = 0;
    const repetition = runPeriodically(
      60_000,
      async () => runs++,
      () => {},
    );
    await repetition.stop();
    expect(runs).to.equal(0);
  });

  it('is stopped only when the run under way has ended, and what ends it then is no failure', async () => {
    let running = false;
    let ended = false;
    const told: unknown[] = [];
    const repetition = runPeriodically(
      1,
      async (stopped) => {
        running = true;
        await new Promise((resolve) => stopped.addEventListener('abort', resolve));
        ended = true;
        throw new Error('interrupted');
      },
      (error) => told.push(error),
    );
    await eventually(() => expect(running).to.equal(true));
    await repetition.stop();
    expect({ ended, told }).to.deep.equal({ ended: true, told: [] });
  });
});
