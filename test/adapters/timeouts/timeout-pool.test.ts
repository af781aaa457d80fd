import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import { TimeoutPool } from '../../../src/adapters/timeouts/timeout-pool.js';
import { Deadline } from '../../../src/adapters/timeouts/timeout-queue.js';
import { projectRoot } from '../../../tools/project-root.js';
import { eventually } from '../../contract/eventually.js';

describe('TimeoutPool', () => {
  const expired: string[] = [];
  beforeEach(() => {
    expired.length = 0;
  });
  const timeout = (name: string) => new Deadline({ onExpired: () => expired.push(name) });

  it('expires each deadline after its own time, unless it is cancelled', async () => {
    const timeouts = new TimeoutPool(false);
    const off = timeout('off');
    timeouts.set(40, timeout('late'));
    timeouts.set(10.2, off);
    timeouts.set(10.2, timeout('soon'));
    expect(off.cancel()).to.equal(true);
    await eventually(() => expired.length === 2);
    expect(expired).to.deep.equal(['soon', 'late']);
    expect(off.cancel()).to.equal(false);
  });

  it('lets an expired deadline be set again from its own callback', async () => {
    const timeouts = new TimeoutPool(false);
    const again: Deadline = new Deadline({
      onExpired: () => {
        expired.push('expired');
        if (expired.length < 3) timeouts.set(5, again);
      },
    });
    timeouts.set(5, again);
    await eventually(() => expired.length === 3);
  });

  it('does not expire a deadline at once when it is later than a timer of Node can wait', async () => {
    const far = timeout('far');
    new TimeoutPool(false).set(2 ** 40, far);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(far.cancel()).to.equal(true);
  });

  for (const [holds, printed] of [
    [true, 'expired'],
    [false, ''],
  ] as const) {
    it(`${holds ? 'keeps' : 'does not keep'} a process running that has nothing else to do`, () => {
      const built = (file: string) =>
        JSON.stringify(path.join(projectRoot, 'dist', 'src', 'adapters', file));
      const program = `
        import { TimeoutPool } from ${built('timeouts/timeout-pool.js')};
        import { Deadline } from ${built('timeouts/timeout-queue.js')};
        const owner = { onExpired: () => console.log('expired') };
        const timeouts = new TimeoutPool(${holds});
        const off = new Deadline(owner);
        timeouts.set(60_000, off);
        off.cancel();
        timeouts.set(50, new Deadline(owner));`;
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        timeout: 30_000,
      });
      expect(stdout.trim()).to.equal(printed);
    });
  }
});
