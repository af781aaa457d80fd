import { expect } from 'chai';
import { splitBySize } from '../../../src/adapters/queue/kafka/split-by-size.js';

describe('A batch that is split by size', () => {
  const split = (...sizes: number[]) => splitBySize(sizes, (size) => size, 10);

  it('stays whole when it fits', () => {
    expect(split(3, 3, 4)).to.deep.equal([[3, 3, 4]]);
    expect(split()).to.deep.equal([]);
  });

  it('contains as many messages as fit, in the same order', () => {
    expect(split(6, 4, 1, 9, 5, 5, 5)).to.deep.equal([[6, 4], [1, 9], [5, 5], [5]]);
  });

  it('contains a too large message alone', () => {
    expect(split(1, 25, 1)).to.deep.equal([[1], [25], [1]]);
  });
});
