import { expect } from 'chai';
import { SweeperLease } from '../../src/domain/sweeping/sweeper-lease.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const TERM_MS = 1000;
const after = (ms: number) => new Date(NOW.getTime() + ms);

describe('SweeperLease', () => {
  const held = SweeperLease.vacant('expiry').take('one', NOW, TERM_MS) as SweeperLease;

  it('is taken by the first process, for a limited time', () => {
    expect(held.state).to.deep.include({ holder: 'one', until: after(TERM_MS) });
    expect(held.take('two', after(TERM_MS - 1), TERM_MS)).to.equal(undefined);
  });

  it('is extended by its holder', () => {
    const longer = held.take('one', after(600), TERM_MS);
    expect(longer?.state.until).to.deep.equal(after(1600));
  });

  it('can be taken by another process when that time is over', () => {
    expect(held.take('two', after(TERM_MS), TERM_MS)?.state.holder).to.equal('two');
  });

  it('is released by its holder only', () => {
    expect(held.release('two', after(1))).to.equal(undefined);
    const vacant = held.release('one', after(1));
    expect(vacant?.take('two', after(1), TERM_MS)?.state.holder).to.equal('two');
  });
});
