import { expect } from 'chai';
import { OverloadSwitch } from '../../../../src/adapters/http/admission/load-shedding.js';

describe('The switch of load shedding', () => {
  function after(...delays: readonly number[]): boolean {
    const overload = new OverloadSwitch(100);
    for (const delayMs of delays) overload.sample(delayMs);
    return overload.isOverloaded;
  }

  it('is off at first, and after a single long delay', () => {
    expect(after()).to.equal(false);
    expect(after(5_000)).to.equal(false);
    expect(after(5_000, 10, 5_000, 10)).to.equal(false);
  });

  it('is on when the delay stays over the bound', () => {
    expect(after(101, 101)).to.equal(true);
    expect(after(100, 100, 100)).to.equal(false);
  });

  it('is off again with the first delay below half of the bound, and not before', () => {
    expect(after(200, 200, 49)).to.equal(false);
    expect(after(200, 200, 51)).to.equal(true);
    expect(after(200, 200, 51, 51, 51)).to.equal(true);
  });

  it('needs a lasting delay again after it was off', () => {
    expect(after(200, 200, 10, 200)).to.equal(false);
    expect(after(200, 200, 10, 200, 200)).to.equal(true);
  });
});
