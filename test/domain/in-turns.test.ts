import { expect } from 'chai';
import { inTurns } from '../../src/domain/in-turns.js';

describe('Owners that are served in turn', () => {
  const serve = (items: readonly string[]) => inTurns(items, (item) => item[0]).join();

  it('get one item each, then the next one each', () => {
    expect(serve(['a1', 'a2', 'a3', 'b1', 'c1', 'b2'])).to.equal('a1,b1,c1,a2,b2,a3');
  });

  it('keep the order of what is theirs', () => {
    expect(serve(['b2', 'a9', 'b1', 'a1'])).to.equal('b2,a9,b1,a1');
  });

  it('leave items without an owner in their order', () => {
    expect(inTurns([3, 1, 2], () => undefined)).to.deep.equal([3, 1, 2]);
    expect(inTurns([], () => 'a')).to.deep.equal([]);
  });
});
