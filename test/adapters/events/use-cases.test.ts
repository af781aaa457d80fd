import { expect } from 'chai';
import { v7 } from 'uuid';
import { InProcessCache } from '../../../src/adapters/cache/in-process-cache.js';
import { InProcessLock } from '../../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { SandboxGateway } from '../../../src/adapters/payment/sandbox/sandbox-gateway.js';
import { encodeEvent, readEvent } from '../../../src/adapters/queue/events/cloud-event.js';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.js';
import { CreateProduct } from '../../../src/application/catalogue/create-product.js';
import { KnownProducts } from '../../../src/application/catalogue/known-products.js';
import { RestockProduct } from '../../../src/application/catalogue/restock-product.js';
import { ReviseProduct } from '../../../src/application/catalogue/revise-product.js';
import { SeedCatalogue } from '../../../src/application/catalogue/seed-catalogue.js';
import { EnqueueOrder } from '../../../src/application/order-queue/enqueue-order.js';
import { SettleOrderRequests } from '../../../src/application/order-queue/settle-order-requests.js';
import { CancelOrder } from '../../../src/application/orders/cancel-order.js';
import { ExpireOrder } from '../../../src/application/orders/expire-order.js';
import { PayOrderByPoints } from '../../../src/application/orders/pay-order-by-points.js';
import { PlaceOrder } from '../../../src/application/orders/place-order.js';
import { Placement } from '../../../src/application/orders/placement.js';
import { CardPaymentSteps } from '../../../src/application/payments/card-payment-steps.js';
import { PayOrderByCard } from '../../../src/application/payments/pay-order-by-card.js';
import { SettleCardPayment } from '../../../src/application/payments/settle-card-payment.js';
import { StartCardPayment } from '../../../src/application/payments/start-card-payment.js';
import { ConfirmReservation } from '../../../src/application/reservations/confirm-reservation.js';
import { ExpireReservation } from '../../../src/application/reservations/expire-reservation.js';
import { ReleaseReservation } from '../../../src/application/reservations/release-reservation.js';
import { ReserveUnits } from '../../../src/application/reservations/reserve-units.js';
import { EventRecordingUnitOfWork } from '../../../src/application/unit-of-work/layers/3-event-recording-unit-of-work.js';
import { LockedUnitOfWork } from '../../../src/application/unit-of-work/layers/5-locked-unit-of-work.js';
import { ChargeWallet } from '../../../src/application/wallets/charge-wallet.js';
import type { DomainEvent } from '../../../src/domain/events/domain-event.js';
import { LeaseLostError, type LockPort } from '../../../src/domain/ports/lock-port.js';
import { FixedClock } from '../../support/doubles/fixed-clock.js';
import { NoopLock } from '../../support/doubles/noop-lock.js';
import { rejection } from '../../support/rejection.js';
import { memory, mysql, type Persistence, sqlite } from '../persistence/databases.js';
import { emptiedDatabase } from '../persistence/support/emptied-database.js';
import { eventSchemaFaults } from './support/event-schema-faults.js';
import { expectHistories } from './support/histories.js';

const WINDOW_MS = 60_000;

for (const kind of [memory, sqlite, mysql]) {
  describe(`The events of every use case, in ${kind.name}`, () => {
    const ids = new UuidV7Generator();
    let clock: FixedClock;
    const database = emptiedDatabase(kind);
    let db: Persistence;
    let unitOfWork: EventRecordingUnitOfWork;
    let seen: number;
    let tea: string;
    let cup: string;
    let known: KnownProducts;

    beforeEach(async () => {
      clock = new FixedClock();
      db = database();
      unitOfWork = eventful(new LockPortAdapter(new InProcessLock()));
      known = new KnownProducts(db.products);
      [tea, cup] = [await product(), await product()];
      await new ChargeWallet(unitOfWork, ids, clock).execute('alice', 1_000);
      seen = (await allEvents()).length;
    });

    function eventful(lock: LockPort): EventRecordingUnitOfWork {
      const locked = new LockedUnitOfWork(lock, db.transactions, new InProcessCache(), () => {});
      return new EventRecordingUnitOfWork(locked, ids, clock);
    }

    const allEvents = async () =>
      (await db.outbox.next('events', 1_000)).map((entry) => entry.message);

    /** The events since the last call, as type, reason and units. */
    async function newEvents(): Promise<string[]> {
      const all = await allEvents();
      const fresh = all.slice(seen);
      seen = all.length;
      await expectWhole(all);
      return fresh.map(({ type, data }) => {
        return 'reason' in data ? `${data.reason} ${data.quantity}` : type;
      });
    }

    /** Compares the events so far with the rows, and each event with the schema. */
    async function expectWhole(events: readonly DomainEvent[]): Promise<void> {
      const products = await db.products.list({ limit: 1_000 });
      const stocks = products.items.map(({ id }) => db.stocks.get(id));
      const orders = await db.orders.list('alice', { limit: 1_000 });
      expectHistories(events, { orders: orders.items, stocks: await Promise.all(stocks) });
      for (const event of events) {
        const text = encodeEvent(event, '/lockstep/test');
        expect(eventSchemaFaults(text)).to.deep.equal([]);
        expect(readEvent(Buffer.from(text))).to.deep.equal(event);
        expect(Math.abs(Date.parse(event.occurredAt) - clock.now().getTime())).to.be.below(1e6);
      }
    }

    async function product(stock = 10): Promise<string> {
      const create = new CreateProduct(unitOfWork, ids, clock);
      const fields = { sku: `S${v7()}`, name: 'Tea', price: 5, category: 'tea', stock };
      return (await create.execute(fields)).id;
    }

    async function place(...products: string[]): Promise<string> {
      const items = products.map((productId) => ({ productId, quantity: 2 }));
      const placeOrder = new PlaceOrder(unitOfWork, known, ids, clock, WINDOW_MS);
      return (await placeOrder.execute({ userId: 'alice', items })).id;
    }

    const pay = (id: string) => new PayOrderByPoints(unitOfWork, ids, clock).execute('alice', id);
    const cancel = (id: string) =>
      new CancelOrder(unitOfWork, db.orders, ids, clock).execute('alice', id);

    function payByCard(orderId: string, token: string) {
      const observer = { moved: () => {}, failed: () => {} };
      const gateway = new SandboxGateway();
      const steps = new CardPaymentSteps(unitOfWork, gateway, clock, observer, 1_000);
      const settle = new SettleCardPayment(steps, clock, observer, 1_000);
      const starts = new StartCardPayment(unitOfWork, ids, clock, 1_000);
      const paying = new PayOrderByCard(starts, settle, db.cardPayments, db.orders);
      return paying.execute({ userId: 'alice', orderId, token });
    }

    async function reserve(): Promise<string> {
      const request = { userId: 'alice', productId: tea, quantity: 3, holdSeconds: 10 };
      return (await new ReserveUnits(unitOfWork, known, ids, clock).execute(request)).id;
    }

    it('are recorded for new products and for restocks', async () => {
      await product(7);
      expect(await newEvents()).to.deep.equal(['opened 7']);
      await new SeedCatalogue(unitOfWork, db.products, ids, clock).many(2, () => {});
      expect(await newEvents()).to.deep.equal(['opened 500', 'opened 1000']);
      await new RestockProduct(unitOfWork).execute(tea, 5);
      expect(await newEvents()).to.deep.equal(['restocked 5']);
    });

    it('are recorded for an order that is placed, paid and cancelled', async () => {
      const id = await place(tea, cup);
      expect(await newEvents()).to.deep.equal(['taken 2', 'taken 2', 'order.placed']);
      await pay(id);
      expect(await newEvents()).to.deep.equal(['order.paid']);
      await cancel(id);
      expect(await newEvents()).to.deep.equal(['returned 2', 'returned 2', 'order.cancelled']);
    });

    it('are recorded for an order that is paid by card, and not for a declined card', async () => {
      const id = await place(tea);
      await newEvents();
      await rejection(payByCard(id, 'tok_declined'));
      expect(await newEvents()).to.deep.equal([]);
      await payByCard(id, 'tok_success');
      expect(await newEvents()).to.deep.equal(['order.paid']);
      await cancel(id);
      expect(await newEvents()).to.deep.equal(['returned 2', 'order.cancelled']);
    });

    it('are recorded for an order that is cancelled unpaid, and for one that expires', async () => {
      await cancel(await place(tea));
      expect(await newEvents()).to.deep.equal([
        'taken 2',
        'order.placed',
        'returned 2',
        'order.cancelled',
      ]);
      const id = await place(cup);
      const expire = new ExpireOrder(unitOfWork, db.orders, clock);
      await expire.execute(id);
      expect(await newEvents()).to.deep.equal(['taken 2', 'order.placed']);
      clock.advance(WINDOW_MS);
      await expire.execute(id);
      await expire.execute(id);
      expect(await newEvents()).to.deep.equal(['returned 2', 'order.expired']);
    });

    it('are recorded for orders through the queue, and not for refused ones', async () => {
      const request = new EnqueueOrder(unitOfWork, known, ids, clock, () => {});
      const requests: string[] = [];
      for (const quantity of [4, 7, 4]) {
        const items = [{ productId: tea, quantity }];
        requests.push((await request.execute({ userId: 'alice', items })).id);
      }
      expect(await newEvents()).to.deep.equal([]);
      const placement = new Placement(ids, clock, WINDOW_MS);
      const settle = new SettleOrderRequests(unitOfWork, db.orderRequests, known, placement);
      await settle.execute(requests);
      await settle.execute(requests);
      expect(await newEvents()).to.deep.equal([
        'taken 4',
        'order.placed',
        'taken 4',
        'order.placed',
      ]);
    });

    it('are recorded for reservations that are confirmed, released and expired', async () => {
      const id = await reserve();
      expect(await newEvents()).to.deep.equal(['held 3']);
      const { reservations } = db;
      const confirm = new ConfirmReservation(unitOfWork, reservations, ids, clock, WINDOW_MS);
      await confirm.execute('alice', id);
      expect(await newEvents()).to.deep.equal(['confirmed 3', 'order.placed']);
      const release = new ReleaseReservation(unitOfWork, reservations);
      const released = await reserve();
      await release.execute('alice', released);
      await release.execute('alice', released);
      expect(await newEvents()).to.deep.equal(['held 3', 'freed 3']);
      const late = await reserve();
      clock.advance(10_000);
      await new ExpireReservation(unitOfWork, reservations, clock).execute(late);
      expect(await newEvents()).to.deep.equal(['held 3', 'freed 3']);
    });

    it('are not recorded when no order and no stock changed', async () => {
      await new ChargeWallet(unitOfWork, ids, clock).execute('alice', 5);
      const revise = new ReviseProduct(unitOfWork, clock);
      await revise.execute({ productId: tea, change: { price: 6 } });
      await rejection(place(tea, v7()));
      const id = await place(tea);
      await pay(id);
      await rejection(pay(id));
      expect(await newEvents()).to.deep.equal(['taken 2', 'order.placed', 'order.paid']);
    });

    it('are not stored by a transaction that is rolled back, even at its end', async () => {
      const lost = new NoopLock({
        assertHeld: () => {
          throw new LeaseLostError([]);
        },
      });
      const late = eventful(lost).run({ locks: ['x'] }, async (tx) => {
        await tx.stocks.save((await tx.stocks.get(tea)).take(1));
      });
      expect(await rejection(late)).to.be.instanceOf(LeaseLostError);
      const broken = unitOfWork.run({ locks: [] }, async (tx) => {
        await tx.stocks.save((await tx.stocks.get(tea)).take(1));
        throw new Error('no');
      });
      await rejection(broken);
      expect(await newEvents()).to.deep.equal([]);
    });

    it('are added by one statement of the transaction, after all its changes', async () => {
      const steps: string[] = [];
      const inner = db.transactions.begin.bind(db.transactions);
      db.transactions.begin = async (keys) => {
        const tx = await inner(keys);
        const { orders, outbox } = tx;
        const save = orders.save.bind(orders);
        orders.save = (order) => {
          steps.push('order');
          return save(order);
        };
        const add = outbox.add.bind(outbox);
        outbox.add = (channel, messages) => {
          steps.push(`${messages.length} ${channel}`);
          return add(channel, messages);
        };
        return tx;
      };
      await place(tea, cup);
      expect(steps).to.deep.equal(['order', '3 events']);
    });
  });
}
