import { expect } from 'chai';
import { KeysUnderWrite } from '../../../src/adapters/cache/coherence/keys-under-write.js';

describe('KeysUnderWrite', () => {
  const at = (ms: number) => ({ monotonicMs: ms, wallMs: ms });

  it('contains a key until its next invalidation', () => {
    const keys = new KeysUnderWrite();
    keys.add('a', at(0));
    keys.add('b', at(0));
    keys.delete('a');
    expect([keys.has('a', at(1)), keys.has('b', at(1))]).to.deep.equal([false, true]);
  });

  it('drops a key after a short time, since the message may be lost', () => {
    const keys = new KeysUnderWrite();
    keys.add('a', at(0));
    expect([keys.has('a', at(49)), keys.has('a', at(50))]).to.deep.equal([true, false]);
  });

  it('stays small when no message arrives', () => {
    const keys = new KeysUnderWrite();
    for (let i = 0; i <= 1_000; i += 1) keys.add(`key ${i}`, at(0));
    expect([keys.has('key 0', at(1)), keys.has('key 1000', at(1))]).to.deep.equal([false, true]);
  });
});
