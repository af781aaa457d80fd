import { expect } from 'chai';
import { RecentKeys } from '../../../src/adapters/cache/coherence/recent-keys.js';

describe('RecentKeys', () => {
  const at = (ms: number) => ({ monotonicMs: ms, wallMs: ms });

  it('contains a key until it is deleted', () => {
    const keys = new RecentKeys(50);
    keys.add('a', at(0));
    keys.add('b', at(0));
    keys.delete('a');
    expect([keys.has('a', at(1)), keys.has('b', at(1))]).to.deep.equal([false, true]);
  });

  it('drops a key after its life', () => {
    const keys = new RecentKeys(50);
    keys.add('a', at(0));
    expect([keys.has('a', at(49)), keys.has('a', at(50))]).to.deep.equal([true, false]);
  });

  it('stays small when no key is deleted', () => {
    const keys = new RecentKeys(50);
    for (let i = 0; i <= 1_000; i += 1) keys.add(`key ${i}`, at(0));
    expect([keys.has('key 0', at(1)), keys.has('key 1000', at(1))]).to.deep.equal([false, true]);
  });
});
