import { expect } from 'chai';
import { auditPayments, auditShop } from '../../../tools/invariants/audit-ledgers.js';
import type { ShopState } from '../../../tools/invariants/shop-state.js';

const items = [{ productId: 'p', quantity: 2 }];
const order = { id: 'o1', status: 'PAID', items };
const ana = { userId: 'ana', balance: 70, entries: [100, -30], orders: [order] };
const confirmed = { userId: 'ana', key: 'k1', status: 201, orderId: 'o1' };
const lost = { userId: 'ana', key: 'k2', status: 0 };
const whole: ShopState = {
  products: [{ id: 'p', initial: 10, available: 7, held: 1 }],
  customers: [ana],
  orders: [confirmed],
};

function brokenBy(change: Partial<ShopState>): string[] {
  const verdicts = auditShop({ ...whole, ...change });
  return verdicts.filter(({ broken }) => broken.length > 0).map(({ claim }) => claim);
}

const STOCK = 'stock + held + sold = initial for every product';
const LEDGER = 'balance = ledger for every wallet';
const EXISTS = 'every acknowledged order exists';
const ONCE = 'one order at most for one idempotency key';

describe('The ledger audit', () => {
  it('finds nothing when everything is correct', () => {
    expect(brokenBy({})).to.deep.equal([]);
  });

  it('proves nothing when nothing was sold, charged or ordered', () => {
    const nothing = { products: [], customers: [], orders: [] };
    expect(brokenBy(nothing)).to.deep.equal([STOCK, LEDGER, EXISTS, ONCE]);
    expect(brokenBy({ orders: [] })).to.include.members([EXISTS, ONCE]);
  });

  it('finds a lost unit, and a unit that was sold twice', () => {
    for (const available of [6, 8]) {
      const products = [{ id: 'p', initial: 10, available, held: 1 }];
      expect(brokenBy({ products })).to.deep.equal([STOCK]);
    }
  });

  it('finds an oversold product whose sum is correct', () => {
    const products = [{ id: 'p', initial: 1, available: -1, held: 0 }];
    expect(brokenBy({ products })).to.deep.equal([STOCK]);
  });

  it('counts the units of a cancelled order as returned', () => {
    const customers = [{ ...ana, orders: [{ ...order, status: 'CANCELLED' }] }];
    expect(brokenBy({ customers })).to.deep.equal([STOCK]);
    const products = [{ id: 'p', initial: 10, available: 9, held: 1 }];
    expect(brokenBy({ customers, products })).to.deep.equal([]);
  });

  it('finds a wallet that its ledger does not explain', () => {
    expect(brokenBy({ customers: [{ ...ana, balance: 71 }] })).to.deep.equal([LEDGER]);
    expect(brokenBy({ customers: [{ ...ana, balance: -1, entries: [-1] }] })).to.deep.equal([
      LEDGER,
    ]);
  });

  it('finds an acknowledged order that is missing', () => {
    const gone = { userId: 'ana', key: 'k3', status: 201, orderId: 'o9' };
    expect(brokenBy({ orders: [confirmed, gone] })).to.deep.equal([EXISTS]);
    expect(brokenBy({ orders: [confirmed, { ...gone, orderId: undefined }] })).to.deep.equal([
      EXISTS,
    ]);
  });

  it('finds two orders that were answered for one key', () => {
    const free = { id: 'o2', status: 'PAID', items: [] };
    const customers = [{ ...ana, orders: [order, free] }];
    const orders = [confirmed, { ...confirmed, orderId: 'o2' }];
    expect(brokenBy({ customers, orders })).to.deep.equal([ONCE]);
  });

  it('finds an order that was never answered, unless there is a key with an unknown outcome', () => {
    const free = { id: 'o2', status: 'PENDING_PAYMENT', items: [] };
    const customers = [{ ...ana, orders: [order, free] }];
    expect(brokenBy({ customers })).to.deep.equal([ONCE]);
    expect(brokenBy({ customers, orders: [confirmed, lost] })).to.deep.equal([]);
    // Repeated with its key, and then answered.
    expect(
      brokenBy({ customers, orders: [confirmed, { ...confirmed, status: 0, orderId: undefined }] }),
    ).to.deep.equal([ONCE]);
    // Refused, so there is no order.
    expect(brokenBy({ customers, orders: [confirmed, { ...lost, status: 409 }] })).to.deep.equal([
      ONCE,
    ]);
  });

  it('accepts the same answer to a repeated request', () => {
    expect(
      brokenBy({
        orders: [confirmed, confirmed, { ...confirmed, status: 409, orderId: undefined }],
      }),
    ).to.deep.equal([]);
  });
});

describe('The audit of payments', () => {
  const paid = { userId: 'ana', orderId: 'o1', status: 201 };
  const brokenIn = (change: Partial<typeof ana>, payments = [paid]) =>
    auditPayments([{ ...ana, ...change }], payments).map(({ broken }) => broken.length > 0);

  it('finds nothing when everything is correct, and no evidence without a payment', () => {
    expect(brokenIn({})).to.deep.equal([false, false]);
    expect(brokenIn({ entries: [100], orders: [] }, [])).to.deep.equal([true, true]);
  });

  it('finds an acknowledged payment that is lost', () => {
    const orders = [{ ...order, status: 'PENDING_PAYMENT' }];
    expect(brokenIn({ entries: [100], orders })).to.deep.equal([true, false]);
  });

  it('finds a payment that is in the ledger twice, and one that is not in it', () => {
    expect(brokenIn({ entries: [100, -30, -30] })).to.deep.equal([false, true]);
    expect(brokenIn({ entries: [100] })).to.deep.equal([false, true]);
  });

  it('accepts a payment whose answer was lost, whether or not it was made', () => {
    const unanswered = { ...paid, orderId: 'o2', status: 0 };
    const pending = { ...order, id: 'o2', status: 'PENDING_PAYMENT' };
    expect(brokenIn({ orders: [order, pending] }, [paid, unanswered])).to.deep.equal([
      false,
      false,
    ]);
    const both = { entries: [100, -30, -5], orders: [order, { ...pending, status: 'PAID' }] };
    expect(brokenIn(both, [paid, unanswered])).to.deep.equal([false, false]);
  });
});
