import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ExperimentProcess } from '../../../src/experiments/lab/child/experiment-process.js';
import { LOWER_PRIORITY } from '../../../src/experiments/lab/child/lower-priority.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { isRunning } from '../../support/is-running.js';
import { rejection } from '../../support/rejection.js';

const PARENT = fileURLToPath(new URL('./experiment-parent-process.js', import.meta.url));

const LIMITS = { runMs: 60_000, idleMs: 60_000 };

describe('The process of the experiments', () => {
  let experiments: ExperimentProcess;

  afterEach(() => experiments.close());

  const run = (
    experiment: string,
    holdMs: number,
    onSteps = (_steps: readonly unknown[]) => {},
  ) => {
    const command = { experiment, settings: { holdMs } };
    return experiments.run({ ...command, servers: undefined, removesLeftovers: false }, onSteps);
  };
  const noLock = (holdMs: number, onSteps?: (steps: readonly unknown[]) => void) =>
    run('no-lock', holdMs, onSteps);

  const foldersOf = (pid = 0) =>
    readdirSync(os.tmpdir()).filter((name) => name.startsWith(`lockstep-lab-${pid}-`));

  it('is another one, each thread of which has a lower priority', async () => {
    experiments = new ExperimentProcess();
    let steps = 0;
    const [report] = await noLock(10, ({ length }) => {
      steps += length;
    });
    expect(report?.timeline).to.have.length(steps);
    const { pid = 0 } = experiments;
    expect(pid).to.be.greaterThan(0).and.not.equal(process.pid);
    const threads = existsSync(`/proc/${pid}/task`) ? readdirSync(`/proc/${pid}/task`) : [pid];
    for (const thread of threads) {
      expect(os.getPriority(Number(thread))).to.be.at.least(LOWER_PRIORITY);
    }
  });

  it('has a lower priority before it loads its program', () => {
    experiments = new ExperimentProcess();
    experiments.prepare();
    expect(os.getPriority(experiments.pid)).to.be.at.least(LOWER_PRIORITY);
  });

  it('fails its run when it is killed, leaves nothing, and the next run has a new one', async () => {
    experiments = new ExperimentProcess();
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    // Each request holds the lock for the whole pause, so the run is not over when its first steps arrive.
    const failure = rejection(run('right-order', 1_000, () => resolve()));
    await begun;
    const { pid = 0 } = experiments;
    expect(foldersOf(pid)).to.have.length(1);
    process.kill(pid, 'SIGKILL');
    expect(await failure).to.have.property('message', 'the process of the experiments has ended');
    expect(foldersOf(pid)).to.deep.equal([]);
    expect(await noLock(10)).to.have.length(1);
    expect(experiments.pid).not.to.equal(pid);
  });

  it('is killed at the end of the time of a run', async () => {
    experiments = new ExperimentProcess({ ...LIMITS, runMs: 50 });
    experiments.prepare();
    const { pid = 0 } = experiments;
    const failure = await rejection(noLock(1_000));
    expect(failure).to.have.property('message', 'the run took longer than 50 ms');
    await eventually(() => expect(isRunning(pid)).to.equal(false));
  });

  it('ends when nobody has used it for a while, and starts again', async () => {
    experiments = new ExperimentProcess({ ...LIMITS, idleMs: 20 });
    await noLock(10);
    const { pid = 0 } = experiments;
    await eventually(() => expect(isRunning(pid)).to.equal(false));
    expect(foldersOf(pid)).to.deep.equal([]);
    expect(await noLock(10)).to.have.length(1);
  });

  it('ends after its run, and removes its folder, when the instance was killed', async () => {
    const parent = fork(PARENT);
    const [pid] = (await once(parent, 'message')) as [number];
    expect(foldersOf(pid)).to.have.length(1);
    parent.kill('SIGKILL');
    await eventually(() => expect(isRunning(pid)).to.equal(false));
    expect(foldersOf(pid)).to.deep.equal([]);
  });

  it('goes on with its run at Ctrl-C, which the instance answers', async () => {
    experiments = new ExperimentProcess();
    const reports = await noLock(200, () => process.kill(experiments.pid ?? 0, 'SIGINT'));
    expect(reports).to.have.length(1);
  });
});
