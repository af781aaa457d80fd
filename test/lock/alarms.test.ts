import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import { TimeoutPool } from '../../src/adapters/timeouts/timeout-pool.js';
import { Deadline } from '../../src/adapters/timeouts/timeout-queue.js';
import { projectRoot } from '../../tools/project-root.js';
import { eventually } from './support/eventually.js';

describe('TimeoutPool', () => {
  const rung: string[] = [];
  beforeEach(() => {
    rung.length = 0;
  });
  const alarm = (name: string) => new Deadline(() => rung.push(name));

  it('ring each after its own time, unless they are called off', async () => {
    const alarms = new TimeoutPool(false);
    const off = alarm('off');
    alarms.set(40, alarm('late'));
    alarms.set(10.2, off);
    alarms.set(10.2, alarm('soon'));
    expect(off.cancel()).to.equal(true);
    await eventually(() => rung.length === 2);
    expect(rung).to.deep.equal(['soon', 'late']);
    expect(off.cancel()).to.equal(false);
  });

  it('can be set again by their own ringing', async () => {
    const alarms = new TimeoutPool(false);
    const again: Deadline = new Deadline(() => {
      rung.push('rung');
      if (rung.length < 3) alarms.set(5, again);
    });
    alarms.set(5, again);
    await eventually(() => rung.length === 3);
  });

  it('do not ring at once when they are far off', async () => {
    const far = alarm('far');
    new TimeoutPool(false).set(2 ** 40, far);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(far.cancel()).to.equal(true);
  });

  for (const [holds, hears] of [
    [true, 'rung'],
    [false, ''],
  ] as const) {
    it(`${holds ? 'hold' : 'do not hold'} a process that has nothing else to do`, () => {
      const built = (file: string) =>
        JSON.stringify(path.join(projectRoot, 'dist', 'src', 'adapters', file));
      const program = `
        import { TimeoutPool } from ${built('lock/alarms.js')};
        import { Deadline } from ${built('redis/deadlines.js')};
        const alarms = new TimeoutPool(${holds});
        const off = new Deadline(() => {});
        alarms.set(60_000, off);
        off.cancel();
        alarms.set(50, new Deadline(() => console.log('rung')));`;
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        timeout: 30_000,
      });
      expect(stdout.trim()).to.equal(hears);
    });
  }
});
