import { CancelOrder } from '../../../src/application/orders/cancel-order.js';
import { ExpireOrder } from '../../../src/application/orders/expire-order.js';
import { PayOrderByPoints } from '../../../src/application/orders/pay-order-by-points.js';
import { PlaceOrder } from '../../../src/application/orders/place-order.js';
import { CardPaymentSteps } from '../../../src/application/payments/card-payment-steps.js';
import { PayOrderByCard } from '../../../src/application/payments/pay-order-by-card.js';
import { SettleCardPayment } from '../../../src/application/payments/settle-card-payment.js';
import { StartCardPayment } from '../../../src/application/payments/start-card-payment.js';
import { SweepCardPayments } from '../../../src/application/payments/sweep-card-payments.js';
import { SweeperElection } from '../../../src/application/sweeping/sweeper-election.js';
import { ChargeWallet } from '../../../src/application/wallets/charge-wallet.js';
import type { PaymentGateway } from '../../../src/domain/payments/payment-gateway.js';
import type { UnitOfWork } from '../../../src/domain/ports/unit-of-work.js';
import { InMemoryShop } from '../../support/in-memory/in-memory-shop.js';

export const WINDOW_MS = 60_000;
export const TIMES = { claimMs: 10_000, abandonAfterMs: 30_000 };
const UNITS = 10;
const PRICE = 30;

/** A shop in memory with one unpaid order. Alice has points for it. */
export class CardShop extends InMemoryShop {
  readonly moved: string[] = [];
  readonly failures: unknown[] = [];
  productId = '';
  orderId = '';

  async open(): Promise<this> {
    this.productId = await this.add({ price: PRICE, stock: UNITS });
    await new ChargeWallet(this.unitOfWork, this.ids, this.clock).execute('alice', 100);
    const place = new PlaceOrder(this.unitOfWork, this.known, this.ids, this.clock, WINDOW_MS);
    const items = [{ productId: this.productId, quantity: 2 }];
    this.orderId = (await place.execute({ userId: 'alice', items })).id;
    return this;
  }

  settling(gateway: PaymentGateway, unitOfWork: UnitOfWork = this.unitOfWork): SettleCardPayment {
    const observer = {
      moved: (to: string) => this.moved.push(to),
      failed: (_: string, error: unknown) => this.failures.push(error),
    };
    const { claimMs, abandonAfterMs } = TIMES;
    const steps = new CardPaymentSteps(unitOfWork, gateway, this.clock, observer, abandonAfterMs);
    return new SettleCardPayment(steps, this.clock, observer, claimMs);
  }

  card(gateway: PaymentGateway, unitOfWork: UnitOfWork = this.unitOfWork) {
    const starts = new StartCardPayment(unitOfWork, this.ids, this.clock, TIMES.claimMs);
    const settle = this.settling(gateway, unitOfWork);
    const pay = new PayOrderByCard(starts, settle, this.cardPayments, this.orders);
    const { orderId } = this;
    return (token: string, scope = {}) => pay.execute({ userId: 'alice', orderId, token }, scope);
  }

  /** One sweep by another process. */
  sweep(gateway: PaymentGateway, unitOfWork: UnitOfWork = this.unitOfWork) {
    const election = new SweeperElection(
      unitOfWork,
      this.clock,
      this.ids.next(),
      1,
      'card-payments',
    );
    const settle = this.settling(gateway, unitOfWork);
    const observer = { moved: () => {}, failed: () => {} };
    const sweep = new SweepCardPayments(this.cardPayments, election, settle, this.clock, observer);
    return sweep.execute(new AbortController().signal);
  }

  /** Sweeps until nothing is left to do. */
  async calm(gateway: PaymentGateway): Promise<void> {
    while (await this.cardPayments.nextDue()) {
      this.clock.advance(61_000);
      await this.sweep(gateway);
    }
  }

  points(unitOfWork: UnitOfWork = this.unitOfWork) {
    return new PayOrderByPoints(unitOfWork, this.ids, this.clock).execute('alice', this.orderId);
  }

  cancel(unitOfWork: UnitOfWork = this.unitOfWork) {
    const cancel = new CancelOrder(unitOfWork, this.orders, this.ids, this.clock);
    return cancel.execute('alice', this.orderId);
  }

  expire(unitOfWork: UnitOfWork = this.unitOfWork) {
    this.clock.advance(WINDOW_MS);
    return new ExpireOrder(unitOfWork, this.orders, this.clock).execute(this.orderId);
  }

  /** The final state of the order, the points of its owner, and the units of the product. */
  async audit() {
    const { status, total } = await this.orders.get(this.orderId);
    const { balance } = await this.wallets.get('alice');
    const taken = UNITS - (await this.available(this.productId));
    return { status, total, points: 100 - balance, taken };
  }
}
