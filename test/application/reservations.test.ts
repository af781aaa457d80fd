import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { InProcessLock } from '../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { ReviseProduct } from '../../src/application/catalogue/revise-product.js';
import { ConfirmReservation } from '../../src/application/reservations/confirm-reservation.js';
import { ExpireReservation } from '../../src/application/reservations/expire-reservation.js';
import { FindOwnReservation } from '../../src/application/reservations/find-own-reservation.js';
import { ReleaseReservation } from '../../src/application/reservations/release-reservation.js';
import { ReserveUnits } from '../../src/application/reservations/reserve-units.js';
import { lockThatIsAlwaysFree } from '../support/doubles/noop-lock.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

const WINDOW_MS = 60_000;

describe('Reserving units', () => {
  let shop: InMemoryShop;
  let productId: string;
  let reserve: ReserveUnits;
  let confirm: ConfirmReservation;
  let release: ReleaseReservation;
  let expire: ExpireReservation;

  beforeEach(() => open(new InMemoryShop()));

  async function open(opened: InMemoryShop): Promise<void> {
    shop = opened;
    const { unitOfWork, known, ids, clock, reservations } = shop;
    reserve = new ReserveUnits(unitOfWork, known, ids, clock);
    confirm = new ConfirmReservation(unitOfWork, reservations, ids, clock, WINDOW_MS);
    release = new ReleaseReservation(unitOfWork, reservations);
    expire = new ExpireReservation(unitOfWork, reservations, clock);
    productId = await shop.add({ price: 30, stock: 5 });
  }

  async function hold(quantity = 2): Promise<string> {
    const request = { userId: 'alice', productId, quantity, holdSeconds: 10 };
    return (await reserve.execute(request)).id;
  }

  async function status(id: string): Promise<string> {
    return (await shop.reservations.get(id)).status;
  }

  it('holds the units at the current price, neither sold nor available', async () => {
    const reservation = await shop.reservations.get(await hold(2));
    expect(reservation).to.include({ status: 'HELD', unitPrice: 30, quantity: 2, version: 1 });
    const heldMs = reservation.expiresAt.getTime() - reservation.createdAt.getTime();
    expect(heldMs).to.equal(10_000);
    expect(await shop.units(productId)).to.deep.equal({ available: 3, held: 2 });
  });

  it('holds nothing when units are too few or the product does not exist', async () => {
    const error = await rejection(hold(6));
    expect(error).to.deep.include({
      code: 'insufficient_stock',
      details: { productId, requested: 6, available: 5 },
    });
    expect(await shop.units(productId)).to.deep.equal({ available: 5, held: 0 });
    productId = shop.ids.next();
    expect(await rejection(hold())).to.have.property('code', 'product_not_found');
  });

  it('turns the held units into an order at the price of the reservation', async () => {
    const id = await hold(2);
    const revise = new ReviseProduct(shop.unitOfWork, shop.clock);
    await revise.execute({ productId, change: { price: 99 } });
    shop.clock.advance(9_999);
    const order = await confirm.execute('alice', id);
    expect(order).to.deep.include({ userId: 'alice', status: 'PENDING_PAYMENT', total: 60 });
    expect(order.items).to.deep.equal([{ productId, quantity: 2, unitPrice: 30 }]);
    expect(order.expiresAt.getTime()).to.equal(shop.clock.now().getTime() + WINDOW_MS);
    expect(await shop.orders.get(order.id)).to.deep.equal(order);
    expect(await shop.units(productId)).to.deep.equal({ available: 3, held: 0 });
    const after = await shop.reservations.get(id);
    expect(after).to.include({ status: 'CONFIRMED', orderId: order.id });
  });

  it('is confirmed once by two concurrent confirmations', async () => {
    const id = await hold();
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => confirm.execute('alice', id)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).to.have.length(1);
    expect(await shop.units(productId)).to.deep.equal({ available: 3, held: 0 });
    expect((await shop.orders.list('alice', { limit: 10 })).items).to.have.length(1);
  });

  it('refuses a confirmation from the end of the reservation on, before any sweep', async () => {
    const id = await hold();
    shop.clock.advance(10_000);
    const error = await rejection(confirm.execute('alice', id));
    expect(error).to.have.property('code', 'reservation_expired');
    expect(await shop.units(productId)).to.deep.equal({ available: 3, held: 2 });
    expect((await shop.orders.list('alice', { limit: 10 })).items).to.deep.equal([]);
  });

  it('refuses a confirmation that came in time and waited for its lock until after the end', async () => {
    const lock = new LockPortAdapter(new InProcessLock());
    await open(new InMemoryShop(lock));
    const id = await hold();
    const another = await lock.acquire([`stock:${productId}`]);
    const waiting = rejection(confirm.execute('alice', id));
    // When it is in the queue, the first check has accepted it as in time.
    await setImmediate();
    shop.clock.advance(10_000);
    await another.release();
    expect(await waiting).to.have.property('code', 'reservation_expired');
    expect(await shop.units(productId)).to.deep.equal({ available: 3, held: 2 });
  });

  it('refuses a late confirmation without a wait for the lock of the stock', async () => {
    const lock = new LockPortAdapter(new InProcessLock());
    await open(new InMemoryShop(lock));
    const id = await hold();
    await using _another = await lock.acquire([`stock:${productId}`]);
    shop.clock.advance(10_000);
    const error = await rejection(confirm.execute('alice', id));
    expect(error).to.have.property('code', 'reservation_expired');
  });

  it('frees the units once when the reservation is released', async () => {
    const id = await hold(2);
    await Promise.all([1, 2, 3].map(() => release.execute('alice', id)));
    expect(await shop.units(productId)).to.deep.equal({ available: 5, held: 0 });
    expect(await status(id)).to.equal('RELEASED');
  });

  it('keeps the units of a confirmed reservation with their order', async () => {
    const id = await hold(2);
    await confirm.execute('alice', id);
    const error = await rejection(release.execute('alice', id));
    expect(error).to.have.property('code', 'reservation_not_releasable');
    expect(await shop.units(productId)).to.deep.equal({ available: 3, held: 0 });
  });

  it('expires at its end and not before, and frees the units once', async () => {
    const id = await hold(2);
    shop.clock.advance(9_999);
    expect(await expire.execute(id)).to.equal(false);
    shop.clock.advance(1);
    const outcomes = await Promise.all([1, 2, 3].map(() => expire.execute(id)));
    expect(outcomes.sort()).to.deep.equal([false, false, true]);
    expect(await shop.units(productId)).to.deep.equal({ available: 5, held: 0 });
    expect(await status(id)).to.equal('EXPIRED');
  });

  it('ends in one way when a confirmation, a release and an expiry run at once without a lock', async () => {
    await open(new InMemoryShop(lockThatIsAlwaysFree));
    const seen = new Set<string>();
    for (let round = 0; round < 30; round++) {
      const id = await hold(1);
      const inTime = confirm.execute('alice', id);
      shop.clock.advance(10_000);
      await Promise.allSettled([inTime, expire.execute(id), release.execute('alice', id)]);
      seen.add(await status(id));
      const sold = (await shop.orders.list('alice', { limit: 100 })).items.length;
      expect(await shop.units(productId)).to.deep.equal({ available: 5 - sold, held: 0 });
      if (sold === 5) await open(new InMemoryShop(lockThatIsAlwaysFree));
    }
    expect(seen).not.to.include('HELD');
  });

  it("hides another customer's reservation in every use case", async () => {
    const id = await hold();
    const find = new FindOwnReservation(shop.reservations);
    for (const use of [find, confirm, release]) {
      const error = await rejection(use.execute('mallory', id));
      expect(error).to.have.property('code', 'reservation_not_found');
    }
    expect((await find.execute('alice', id)).status).to.equal('HELD');
  });
});
