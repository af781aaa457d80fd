import { expect } from 'chai';
import { chargedOnce } from '../../support/traffic/customers.js';

describe('The judge of charges', () => {
  const seen = { charges: new Map([['ann', 2]]), chargesSent: new Map([['ann', 3]]) };
  const brokenWith = (count: number) => {
    const entries = Array.from({ length: count }, () => 7);
    return chargedOnce(seen, [{ userId: 'ann', entries }]).map(({ broken }) => broken.length > 0);
  };

  it('finds a lost and a doubled charge, and accepts one without an answer', () => {
    expect(brokenWith(1)).to.deep.equal([true, false]);
    expect(brokenWith(2)).to.deep.equal([false, false]);
    expect(brokenWith(3)).to.deep.equal([false, false]);
    expect(brokenWith(4)).to.deep.equal([false, true]);
  });
});
