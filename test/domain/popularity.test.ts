import { expect } from 'chai';
import { POPULARITY_WINDOWS, spanOf, WINDOWS } from '../../src/domain/popularity/popularity.js';

describe('The span of a window', () => {
  const asOf = new Date('2026-01-08T10:20:34.567Z');

  it('reaches from the start of a bucket to the end of the present bucket', () => {
    expect(spanOf('5m', asOf)).to.deep.equal({
      from: new Date('2026-01-08T10:15:30.000Z'),
      until: new Date('2026-01-08T10:20:40.000Z'),
      bucketMs: 10_000,
    });
    expect(spanOf('7d', asOf)).to.deep.include({
      from: new Date('2026-01-01T10:00:00.000Z'),
      until: new Date('2026-01-08T11:00:00.000Z'),
    });
  });

  it('is the whole previous day at midnight', () => {
    const { from } = spanOf('1d', new Date('2026-01-08T00:00:00.012Z'));
    expect(from).to.deep.equal(new Date('2026-01-07T00:00:00.000Z'));
  });

  it('contains the time itself and the whole window before it', () => {
    for (const window of POPULARITY_WINDOWS) {
      const { from, until } = spanOf(window, asOf);
      const { lengthMs, bucketMs } = WINDOWS[window];
      const reach = asOf.getTime() - from.getTime();
      expect(reach).to.be.within(lengthMs, lengthMs + bucketMs - 1);
      expect(until.getTime()).to.be.greaterThan(asOf.getTime());
    }
  });
});
