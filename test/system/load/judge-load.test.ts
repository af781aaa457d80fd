import { expect } from 'chai';
import type { ShopState } from '../../../tools/invariants/shop-state.js';
import { judgeLoad } from '../../../tools/load/judge-load.js';

/** A prepared shop in which nothing has happened yet. */
const untouched: ShopState = {
  products: [{ id: 'p', initial: 10, available: 10, held: 0 }],
  customers: [{ userId: 'ana', balance: 100, entries: [100], orders: [] }],
  orders: [],
};

const broken = (scenario: string, state: ShopState, requests: number) =>
  judgeLoad(scenario, state, requests).filter((verdict) => verdict.broken.length > 0);

describe('The judge of a load test', () => {
  it('does not pass a run without requests', () => {
    for (const scenario of ['catalogue', 'steady']) {
      expect(broken(scenario, untouched, 0)).not.to.have.lengthOf(0);
    }
  });

  it('does not pass a run with requests but without orders', () => {
    expect(broken('steady', untouched, 1_000)).not.to.have.lengthOf(0);
  });

  it('passes a run without orders when the scenario only reads', () => {
    expect(broken('catalogue', untouched, 1_000)).to.deep.equal([]);
  });
});
