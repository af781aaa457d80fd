import { expect } from 'chai';
import { findLostUpdates } from '../../../src/experiments/lab/lost-updates.js';
import type { Step, TimelineEvent } from '../../../src/experiments/support/timeline.js';

type Row = readonly [atMs: number, request: string, step: Step, detail?: number];

const timeline = (...rows: Row[]): TimelineEvent[] =>
  rows.map(([atMs, request, step, detail]) => ({
    atMs,
    request,
    step,
    ...(detail !== undefined && { detail }),
  }));

const pairs = (...rows: Row[]) =>
  findLostUpdates(timeline(...rows)).map(({ lost, by }) => `${by} over ${lost}`);

describe('The explanation of lost updates', () => {
  it('names the request that read before a commit and committed after it', () => {
    const [found, ...others] = findLostUpdates(
      timeline(
        [0, 'R1', 'begun'],
        [1, 'R2', 'begun'],
        [2, 'R1', 'read', 100],
        [3, 'R2', 'read', 100],
        [4, 'R1', 'written', 110],
        [5, 'R1', 'committed'],
        [6, 'R2', 'written', 110],
        [7, 'R2', 'committed'],
      ),
    );
    expect(others).to.deep.equal([]);
    expect(found).to.deep.equal({
      lost: 'R1',
      by: 'R2',
      readValue: 100,
      readAtMs: 3,
      snapshotAtMs: 1,
      lostValue: 110,
      lostCommitAtMs: 5,
      writtenValue: 110,
      overwrittenAtMs: 7,
    });
  });

  it('knows that a read after a commit can be from a snapshot before it', () => {
    const found = pairs(
      [0, 'R1', 'begun'],
      [1, 'R2', 'begun'],
      [2, 'R1', 'read', 100],
      [3, 'R1', 'written', 110],
      [4, 'R1', 'committed'],
      [5, 'R2', 'read', 100],
      [6, 'R2', 'written', 110],
      [7, 'R2', 'committed'],
    );
    expect(found).to.deep.equal(['R2 over R1']);
  });

  it('finds nothing where each request read what was committed', () => {
    const found = pairs(
      [0, 'R1', 'begun'],
      [1, 'R1', 'read', 100],
      [2, 'R1', 'written', 110],
      // The commit is recorded when its answer arrives, and R2 may have seen it by then.
      [3, 'R2', 'begun'],
      [4, 'R2', 'read', 110],
      [5, 'R1', 'committed'],
      [6, 'R2', 'written', 120],
      [7, 'R2', 'committed'],
    );
    expect(found).to.deep.equal([]);
  });

  it('counts each lost update once', () => {
    const found = pairs(
      [0, 'R1', 'read', 100],
      [0, 'R2', 'read', 100],
      [0, 'R3', 'read', 100],
      [1, 'R1', 'written', 110],
      [2, 'R1', 'committed'],
      [3, 'R3', 'written', 110],
      [4, 'R3', 'committed'],
      [5, 'R2', 'written', 110],
      [6, 'R2', 'committed'],
    );
    expect(found).to.deep.equal(['R3 over R1', 'R2 over R3']);
  });

  it('leaves out a transaction that was rolled back', () => {
    const found = pairs(
      [0, 'R1', 'read', 100],
      [0, 'R2', 'read', 100],
      [1, 'R1', 'written', 110],
      [2, 'R1', 'committed'],
      [3, 'R2', 'written', 110],
      [4, 'R2', 'rolled back'],
    );
    expect(found).to.deep.equal([]);
  });
});
