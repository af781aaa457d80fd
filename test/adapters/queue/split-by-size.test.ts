import { expect } from 'chai';
import { splitBySize } from '../../../src/adapters/queue/kafka/split-by-size.js';

describe('What is sent at once', () => {
  const split = (...sizes: number[]) => splitBySize(sizes, (size) => size, 10);

  it('is all of it where that fits', () => {
    expect(split(3, 3, 4)).to.deep.equal([[3, 3, 4]]);
    expect(split()).to.deep.equal([]);
  });

  it('is as much as fits, in the same order', () => {
    expect(split(6, 4, 1, 9, 5, 5, 5)).to.deep.equal([[6, 4], [1, 9], [5, 5], [5]]);
  });

  it('is one alone that is too large', () => {
    expect(split(1, 25, 1)).to.deep.equal([[1], [25], [1]]);
  });
});
