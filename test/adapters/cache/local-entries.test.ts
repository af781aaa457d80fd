import { expect } from 'chai';
import { LocalEntries, LocalEntry } from '../../../src/adapters/cache/local/local-entries.js';

const at = (monotonicMs: number) => ({ monotonicMs, wallMs: monotonicMs });

const entryOf = (key: string) => new LocalEntry({ text: key, source: 'l1' }, [key], at(0), 60_000);

describe('LocalEntries', () => {
  let evicted: number;
  let entries: LocalEntries;

  beforeEach(() => {
    evicted = 0;
    const bounds = { maxEntries: 2, maxBytes: 1_000_000 };
    entries = new LocalEntries(bounds, () => {
      evicted += 1;
    });
    for (const key of ['a', 'b']) entries.set(key, entryOf(key));
  });

  const kept = () => ['a', 'b', 'c'].filter((key) => entries.get(key, at(1_000)) !== undefined);

  it('evicts the entry that was read least recently', () => {
    entries.get('a', at(1));
    entries.set('c', entryOf('c'));
    expect(kept()).to.deep.equal(['a', 'c']);
    expect(evicted).to.equal(1);
  });

  it('records reads at most every tenth of a second', () => {
    entries.get('a', at(0));
    entries.get('b', at(50));
    entries.get('a', at(100));
    entries.set('c', entryOf('c'));
    expect(kept()).to.deep.equal(['a', 'c']);
  });

  it('returns no entry after it was dropped, replaced or cleared', () => {
    const other = new LocalEntry({ text: 'other', source: 'l1' }, ['a'], at(0), 60_000);
    entries.set('a', other);
    expect(entries.get('a', at(1))).to.equal(other);
    entries.drop('a');
    expect(entries.get('a', at(1))).to.equal(undefined);
    entries.clear();
    expect(kept()).to.deep.equal([]);
    expect(entries.bytes).to.equal(0);
  });

  it('keeps no entry that is larger than maxBytes', () => {
    const text = 'x'.repeat(1_000_000);
    entries.set('a', new LocalEntry({ text, source: 'l1' }, ['a'], at(0), 60_000));
    expect(entries.get('a', at(1))).to.equal(undefined);
    expect(entries.get('b', at(1))).to.not.equal(undefined);
  });
});
