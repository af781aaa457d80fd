import { expect } from 'chai';
import { Order, type OrderStatus } from '../../src/domain/orders/order.js';
import { MAX_POINTS } from '../../src/domain/wallets/points.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const WINDOW_MS = 60_000;

function place(unitPrice = 10, quantity = 2): Order {
  const items = [{ productId: 'p', quantity, unitPrice }];
  return Order.place({ id: 'o', userId: 'alice', items }, NOW, WINDOW_MS);
}

function inStatus(status: OrderStatus): Order {
  return Order.restore({ ...place().state, status });
}

describe('Order', () => {
  it('waits for its payment, for as long as the window is', () => {
    const { status, total, expiresAt } = place().state;
    expect({ status, total }).to.deep.equal({ status: 'PENDING_PAYMENT', total: 20 });
    expect(expiresAt.getTime() - NOW.getTime()).to.equal(WINDOW_MS);
  });

  it('adds up exactly to the greatest amount of points, and refuses more', () => {
    expect(place(MAX_POINTS, 1).state.total).to.equal(MAX_POINTS);
    const refused = () => place(Math.ceil(MAX_POINTS / 2), 2);
    expect(refused).to.throw().with.property('code', 'order_total_too_large');
  });

  it('is paid until the last millisecond of its window', () => {
    const last = new Date(NOW.getTime() + WINDOW_MS - 1);
    expect(place().pay(last).state.status).to.equal('PAID');
    const late = () => place().pay(new Date(NOW.getTime() + WINDOW_MS));
    expect(late).to.throw('time').with.property('code', 'order_not_payable');
  });

  for (const status of ['PAID', 'CANCELLED', 'EXPIRED'] as const) {
    it(`is not paid when it is ${status}`, () => {
      const pay = () => inStatus(status).pay(NOW);
      expect(pay).to.throw().with.property('code', 'order_not_payable');
    });
  }

  for (const status of ['PENDING_PAYMENT', 'PAID'] as const) {
    it(`is cancelled when it is ${status}`, () => {
      expect(inStatus(status).cancel().state.status).to.equal('CANCELLED');
    });
  }

  for (const status of ['CANCELLED', 'EXPIRED'] as const) {
    it(`is not cancelled when it is ${status}`, () => {
      const cancel = () => inStatus(status).cancel();
      expect(cancel).to.throw().with.property('code', 'order_not_cancellable');
    });
  }

  it('expires when its time is over, not a millisecond before', () => {
    expect(place().expire(new Date(NOW.getTime() + WINDOW_MS - 1))).to.equal(undefined);
    const expired = place().expire(new Date(NOW.getTime() + WINDOW_MS));
    expect(expired?.state.status).to.equal('EXPIRED');
  });

  for (const status of ['PAID', 'CANCELLED', 'EXPIRED'] as const) {
    it(`does not expire when it is ${status}`, () => {
      expect(inStatus(status).expire(new Date(NOW.getTime() + WINDOW_MS))).to.equal(undefined);
    });
  }

  it('is hidden from everyone but its owner', () => {
    expect(() => place().requireOwner('alice')).not.to.throw();
    expect(() => place().requireOwner('bob'))
      .to.throw()
      .with.property('code', 'order_not_found');
  });
});
