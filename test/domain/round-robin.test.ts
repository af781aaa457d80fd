import { expect } from 'chai';
import { roundRobin } from '../../src/domain/orders/round-robin.js';

describe('roundRobin', () => {
  const serve = (items: readonly string[]) => roundRobin(items, (item) => item[0]).join();

  it('gives each owner one item, then each owner the next one', () => {
    expect(serve(['a1', 'a2', 'a3', 'b1', 'c1', 'b2'])).to.equal('a1,b1,c1,a2,b2,a3');
  });

  it('keeps the sequence of the items of one owner', () => {
    expect(serve(['b2', 'a9', 'b1', 'a1'])).to.equal('b2,a9,b1,a1');
  });

  it('keeps the sequence of items without an owner', () => {
    expect(roundRobin([3, 1, 2], () => undefined)).to.deep.equal([3, 1, 2]);
    expect(roundRobin([], () => 'a')).to.deep.equal([]);
  });
});
