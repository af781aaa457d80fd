import { expect } from 'chai';
import { InProcessLock } from '../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { CancelOrder } from '../../src/application/orders/cancel-order.js';
import { ExpireOrder } from '../../src/application/orders/expire-order.js';
import { FindOwnOrder } from '../../src/application/orders/find-own-order.js';
import { PayOrderByPoints } from '../../src/application/orders/pay-order-by-points.js';
import { PlaceOrder } from '../../src/application/orders/place-order.js';
import { ChargeWallet } from '../../src/application/wallets/charge-wallet.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

const WINDOW_MS = 60_000;

describe('Paying and cancelling an order', () => {
  let lock: LockPortAdapter;
  let shop: InMemoryShop;
  let productId: string;
  let orderId: string;
  let pay: PayOrderByPoints;
  let cancel: CancelOrder;
  let charge: ChargeWallet;

  beforeEach(async () => {
    lock = new LockPortAdapter(new InProcessLock());
    shop = new InMemoryShop(lock);
    const { unitOfWork, known, ids, clock, orders } = shop;
    pay = new PayOrderByPoints(unitOfWork, ids, clock);
    cancel = new CancelOrder(unitOfWork, orders, ids, clock);
    charge = new ChargeWallet(unitOfWork, ids, clock);
    productId = await shop.add({ price: 30, stock: 5 });
    const place = new PlaceOrder(unitOfWork, known, ids, clock, WINDOW_MS);
    const items = [{ productId, quantity: 2 }];
    orderId = (await place.execute({ userId: 'alice', items })).id;
  });

  async function balance(): Promise<number> {
    return (await shop.wallets.get('alice')).balance;
  }

  it('takes the points from the wallet and marks the order paid', async () => {
    await charge.execute('alice', 100);
    const { payment, order } = await pay.execute('alice', orderId);
    expect(payment).to.deep.include({ orderId, amount: 60, status: 'CAPTURED' });
    expect(order.status).to.equal('PAID');
    expect(await balance()).to.equal(40);
  });

  it('changes neither order nor wallet when the points are too few', async () => {
    await charge.execute('alice', 59);
    const error = await rejection(pay.execute('alice', orderId));
    expect(error).to.have.property('code', 'insufficient_points');
    expect(await balance()).to.equal(59);
    expect((await shop.orders.get(orderId)).status).to.equal('PENDING_PAYMENT');
  });

  it('takes the points once from two payments at the same time', async () => {
    await charge.execute('alice', 200);
    const outcomes = await Promise.allSettled([1, 2].map(() => pay.execute('alice', orderId)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await balance()).to.equal(140);
  });

  it('refuses a payment after the payment window', async () => {
    await charge.execute('alice', 100);
    shop.clock.advance(WINDOW_MS);
    const error = await rejection(pay.execute('alice', orderId));
    expect(error).to.have.property('code', 'order_not_payable');
  });

  it('refuses a payment that came in time and waited for its lock until after the window', async () => {
    await charge.execute('alice', 100);
    const another = await lock.acquire(['wallet:alice']);
    const waiting = rejection(pay.execute('alice', orderId));
    shop.clock.advance(WINDOW_MS);
    await another.release();
    expect(await waiting).to.have.property('code', 'order_not_payable');
    expect(await balance()).to.equal(100);
  });

  it('expires an unpaid order, and returns its units once', async () => {
    const expire = new ExpireOrder(shop.unitOfWork, shop.orders, shop.clock);
    shop.clock.advance(WINDOW_MS - 1);
    expect(await expire.execute(orderId)).to.equal(false);
    shop.clock.advance(1);
    const outcomes = await Promise.all([1, 2, 3].map(() => expire.execute(orderId)));
    expect(outcomes.sort()).to.deep.equal([false, false, true]);
    expect(await shop.available(productId)).to.equal(5);
    expect((await shop.orders.get(orderId)).status).to.equal('EXPIRED');
    const error = await rejection(cancel.execute('alice', orderId));
    expect(error).to.have.property('code', 'order_not_cancellable');
    expect(await shop.available(productId)).to.equal(5);
  });

  it('returns the units of an unpaid order, and no points', async () => {
    const { order, refunded } = await cancel.execute('alice', orderId);
    expect({ status: order.status, refunded }).to.deep.equal({ status: 'CANCELLED', refunded: 0 });
    expect(await shop.available(productId)).to.equal(5);
  });

  it('returns units and points of a paid order, once', async () => {
    await charge.execute('alice', 100);
    await pay.execute('alice', orderId);
    const outcomes = await Promise.allSettled([1, 2].map(() => cancel.execute('alice', orderId)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await balance()).to.equal(100);
    expect(await shop.available(productId)).to.equal(5);
    const entries = await shop.wallets.entries('alice', { limit: 10 });
    expect(entries.items.map(({ amount }) => amount)).to.deep.equal([60, -60, 100]);
  });

  it('answers order_not_found for the order of another customer', async () => {
    const find = new FindOwnOrder(shop.orders);
    const tries = [pay, cancel, find].map((use) => rejection(use.execute('mallory', orderId)));
    for (const error of await Promise.all(tries)) {
      expect(error).to.have.property('code', 'order_not_found');
    }
  });
});
