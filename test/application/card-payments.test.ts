import { expect } from 'chai';
import { DependencyUnavailableError } from '../../src/domain/ports/failures.js';
import { CardShop, TIMES, WINDOW_MS } from '../adapters/payment/card-shop.js';
import { type CallFault, FaultyGateway } from '../adapters/payment/faulty-gateway.js';
import { rejection } from '../support/rejection.js';

describe('Paying an order by card', () => {
  let shop: CardShop;
  let gateway: FaultyGateway;
  /** The faults of the next calls, by the kind of call. */
  let faults: Record<string, CallFault[]>;
  /** Runs before a call of this kind is answered. */
  let meanwhile: Record<string, () => unknown>;

  beforeEach(async () => {
    shop = await new CardShop().open();
    faults = {};
    meanwhile = {};
    const later = async <T>(what: string, act: () => T) => {
      const value = act();
      const [call = ''] = what.split(' ');
      if (what.endsWith('answered')) await meanwhile[call]?.();
      return value;
    };
    gateway = new FaultyGateway(later, (call) => faults[call]?.shift() ?? 'none');
  });

  const pay = (token = 'tok_success') => shop.card(gateway)(token);
  const sums = () => gateway.book.orders().find(({ orderId }) => orderId === shop.orderId);
  const statuses = async () => [(await shop.orders.get(shop.orderId)).status, ...shop.moved];

  it('authorises, marks the order paid and captures the money', async () => {
    const { payment, order } = await pay();
    const { orderId } = shop;
    expect(payment).to.include({ orderId, method: 'card', amount: 60, status: 'CAPTURED' });
    expect(order).to.include({ status: 'PAID', version: 2 });
    expect(await statuses()).to.deep.equal(['PAID', 'CONFIRMED', 'CAPTURED']);
    expect(sums()).to.include({ charges: 1, captured: 60 });
    expect(await shop.audit()).to.include({ points: 0, taken: 2 });
  });

  it('answers that the order is paid before the capture has happened', async () => {
    faults = { capture: ['request lost'] };
    expect((await pay()).order.status).to.equal('PAID');
    expect(sums()).to.include({ authorised: 60, captured: 0 });
    await shop.calm(gateway);
    expect(sums()).to.include({ authorised: 0, captured: 60 });
  });

  it('leaves the order payable when the card is declined', async () => {
    expect(await rejection(pay('tok_declined'))).to.have.property('code', 'card_declined');
    expect(await statuses()).to.deep.equal(['PENDING_PAYMENT', 'DECLINED']);
    expect((await pay()).order.status).to.equal('PAID');
  });

  for (const lost of ['answer lost', 'arrives late'] as const) {
    it(`finds out what became of a charge whose ${lost}`, async () => {
      faults = { authorise: [lost] };
      const error = await rejection(pay());
      expect(error).to.be.instanceOf(DependencyUnavailableError);
      shop.clock.advance(1_000);
      await shop.sweep(gateway);
      expect(await statuses()).to.deep.equal(['PAID', 'CONFIRMED', 'CAPTURED']);
      expect(sums()).to.include({ charges: 1, captured: 60 });
    });
  }

  it('abandons a charge that the gateway does not know, and closes its reference', async () => {
    faults = { authorise: ['request lost'] };
    await rejection(pay());
    shop.clock.advance(1_000);
    await shop.sweep(gateway);
    expect(shop.moved, 'it may still come').to.deep.equal([]);
    expect(await rejection(pay())).to.have.property('code', 'order_not_payable');
    shop.clock.advance(TIMES.abandonAfterMs);
    await shop.sweep(gateway);
    expect(await statuses()).to.deep.equal(['PENDING_PAYMENT', 'VOIDING', 'VOIDED']);
    expect((await pay()).order.status).to.equal('PAID');
    expect(sums()).to.include({ charges: 1, captured: 60 });
  });

  for (const [what, end] of [
    ['is cancelled', () => shop.cancel()],
    ['expires', () => shop.expire()],
    ['is paid with points', () => shop.points()],
  ] as const) {
    it(`voids the authorisation when the order ${what} during the request to the gateway`, async () => {
      meanwhile = { authorise: end };
      expect(await rejection(pay())).to.have.property('code', 'order_not_payable');
      expect(shop.moved).to.deep.equal(['VOIDING', 'VOIDED']);
      expect(sums()).to.include({ authorised: 0, captured: 0, voided: 60 });
    });
  }

  it('does not mark the order paid after the payment was abandoned, whatever the gateway answers', async () => {
    meanwhile = {
      authorise: () =>
        shop.unitOfWork.run({ locks: [] }, async (tx) => {
          const payment = await tx.cardPayments.findLive(shop.orderId);
          if (payment) await tx.cardPayments.save(payment.giveUp('not_reached'));
        }),
    };
    expect(await rejection(pay())).to.be.instanceOf(DependencyUnavailableError);
    expect(await statuses()).to.deep.equal(['PENDING_PAYMENT', 'VOIDED']);
    expect(sums()).to.include({ authorised: 0, captured: 0, voided: 60 });
    meanwhile = {};
    expect((await pay()).order.status).to.equal('PAID');
  });

  it('refuses a payment that ends after the payment window, although it began before', async () => {
    meanwhile = { authorise: () => shop.clock.advance(WINDOW_MS) };
    expect(await rejection(pay())).to.have.property('code', 'order_not_payable');
    expect(sums()).to.include({ voided: 60 });
  });

  it('refunds the money when the order is cancelled during the capture', async () => {
    meanwhile = { capture: () => shop.cancel() };
    await pay();
    expect(shop.moved.slice(0, 2)).to.deep.equal(['CONFIRMED', 'REFUNDING']);
    await shop.calm(gateway);
    expect(sums()).to.include({ captured: 60, refunded: 60 });
    expect(await shop.audit()).to.deep.include({ status: 'CANCELLED', points: 0, taken: 0 });
  });

  it('refunds the money once, although the gateway is asked several times', async () => {
    await pay();
    faults = { refund: ['request lost', 'answer lost', 'dies after', 'answer lost'] };
    const { refunded, order } = await shop.cancel();
    expect({ refunded, status: order.status }).to.deep.equal({ refunded: 60, status: 'CANCELLED' });
    for (let i = 0; i < 6; i++) {
      shop.clock.advance(61_000);
      // The process of this sweep dies, so the test does not wait for its end.
      await Promise.race([shop.sweep(gateway), new Promise(setImmediate)]);
    }
    await shop.calm(gateway);
    expect(sums()).to.include({ captured: 60, refunded: 60 });
    expect(shop.moved.at(-1)).to.equal('REFUNDED');
  });

  it('is continued by one sweeper only while that sweeper runs', async () => {
    faults = { authorise: ['answer lost'], find: ['dies before'] };
    await rejection(pay());
    shop.clock.advance(1_000);
    void shop.sweep(gateway);
    await new Promise(setImmediate);
    await shop.sweep(gateway);
    expect(shop.moved).to.deep.equal([]);
    shop.clock.advance(TIMES.claimMs);
    await shop.sweep(gateway);
    expect(await statuses()).to.deep.equal(['PAID', 'CONFIRMED', 'CAPTURED']);
  });
});
