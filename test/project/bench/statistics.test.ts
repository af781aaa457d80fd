import { expect } from 'chai';
import { jain, median, percentile } from '../../../bench/statistics.js';

describe('statistics of the benchmarks', () => {
  it('takes percentiles by nearest rank, in any sequence of the values', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0, 0.5, 0.99, 1].map((share) => percentile(values, share))).to.deep.equal([
      1, 50, 99, 100,
    ]);
    expect(percentile([7], 0.99)).to.equal(7);
    expect(percentile([], 0.5)).to.be.NaN;
  });

  it('takes the mean of the two middle values as the median', () => {
    expect(median([9, 1, 5])).to.equal(5);
    expect(median([4, 1, 2, 100])).to.equal(3);
    expect(median([])).to.be.NaN;
  });

  it('gives equal shares a fairness of 1, and 1/n when one of n has everything', () => {
    expect(jain([3, 3, 3, 3])).to.equal(1);
    expect(jain([12, 0, 0, 0])).to.equal(0.25);
    expect(jain([4, 2])).to.be.closeTo(0.9, 1e-12);
    expect(jain([0, 0])).to.be.NaN;
  });
});
