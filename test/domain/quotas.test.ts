import { expect } from 'chai';
import { Quotas, UNLIMITED } from '../../src/domain/orders/quotas.js';

const limits = { unpaidOrders: 3, holds: 2, queuedOrders: 2, units: 10 };

describe('Quotas', () => {
  const quotas = new Quotas(limits);

  it('give a slot that is free', () => {
    for (let i = 0; i < 100; i++) expect(quotas.slot('unpaidOrders', [1, 3])).to.equal(2);
  });

  it('refuse when every slot is taken, also slots of a greater limit', () => {
    for (const taken of [
      [1, 2, 3],
      [7, 8, 9, 10],
    ]) {
      expect(() => quotas.slot('unpaidOrders', taken))
        .to.throw()
        .that.deep.include({
          code: 'quota_exceeded',
          details: { quota: 'unpaid_orders', limit: 3, current: taken.length },
        });
      expect(quotas.freeSlot('queuedOrders', taken)).to.equal(undefined);
    }
  });

  it('allow units up to the limit and none beyond', () => {
    quotas.requireUnits('tea', 4, 6);
    quotas.requireUnits('coffee', 10, 0);
    expect(() => quotas.requireUnits('tea', 5, 6))
      .to.throw()
      .that.deep.include({
        code: 'quota_exceeded',
        details: { quota: 'units', limit: 10, current: 6, requested: 5, productId: 'tea' },
      });
  });

  it('count only what is limited', () => {
    expect(quotas.limited('unpaidOrders', 'units')).to.deep.equal(['unpaidOrders', 'units']);
    expect(UNLIMITED.limited('unpaidOrders', 'units')).to.deep.equal([]);
    UNLIMITED.requireUnits('tea', 10_000, 1_000_000_000);
    expect(UNLIMITED.slot('holds', [])).to.be.within(1, 2 ** 31 - 1);
  });
});
