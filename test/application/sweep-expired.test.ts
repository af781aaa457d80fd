import { expect } from 'chai';
import { ExpireOrder } from '../../src/application/orders/expire-order.js';
import { PayOrderByPoints } from '../../src/application/orders/pay-order-by-points.js';
import { PlaceOrder } from '../../src/application/orders/place-order.js';
import { ExpireReservation } from '../../src/application/reservations/expire-reservation.js';
import { ReserveUnits } from '../../src/application/reservations/reserve-units.js';
import { SweepExpired, type SweepObserver } from '../../src/application/sweeping/sweep-expired.js';
import { SweeperElection } from '../../src/application/sweeping/sweeper-election.js';
import { ChargeWallet } from '../../src/application/wallets/charge-wallet.js';
import { DependencyUnavailableError } from '../../src/domain/ports/failures.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

const WINDOW_MS = 30_000;
const LEASE_MS = 3_000;

/** A sweeping process that fails at the rows that a test names. */
class Sweeper implements SweepObserver {
  readonly log: string[] = [];
  readonly failing = new Map<string, Error>();
  readonly #stopping = new AbortController();
  readonly #sweep: SweepExpired;
  readonly leader: SweeperElection;

  constructor({ unitOfWork, orders, reservations, expiries, clock, ids }: InMemoryShop) {
    this.leader = new SweeperElection(unitOfWork, clock, ids.next(), LEASE_MS);
    const order = new ExpireOrder(unitOfWork, orders, clock);
    const reservation = new ExpireReservation(unitOfWork, reservations, clock);
    this.#sweep = new SweepExpired(
      expiries,
      this.leader,
      this.#failingAt(order),
      this.#failingAt(reservation),
      clock,
    );
  }

  run(): Promise<Date | undefined> {
    return this.#sweep.execute(this, this.#stopping.signal);
  }

  stop(): void {
    this.#stopping.abort();
  }

  expired(what: string, lateMs: number): void {
    this.log.push(`${what} ${lateMs}`);
  }

  expiryFailed(what: string, id: string): void {
    this.log.push(`${what} ${id} failed`);
  }

  #failingAt<T extends ExpireOrder | ExpireReservation>(useCase: T): T {
    const execute = useCase.execute.bind(useCase);
    useCase.execute = async (id, scope) => {
      const failure = this.failing.get(id);
      if (failure) throw failure;
      return execute(id, scope);
    };
    return useCase;
  }
}

describe('Sweeping what has expired', () => {
  let shop: InMemoryShop;
  let sweeper: Sweeper;
  let productId: string;

  beforeEach(async () => {
    shop = new InMemoryShop();
    sweeper = new Sweeper(shop);
    productId = await shop.add({ price: 0, stock: 500 });
  });

  async function hold(holdSeconds = 10): Promise<string> {
    const reserve = new ReserveUnits(shop.unitOfWork, shop.known, shop.ids, shop.clock);
    return (await reserve.execute({ userId: 'alice', productId, quantity: 1, holdSeconds })).id;
  }

  async function order(): Promise<string> {
    const place = new PlaceOrder(shop.unitOfWork, shop.known, shop.ids, shop.clock, WINDOW_MS);
    const items = [{ productId, quantity: 2 }];
    return (await place.execute({ userId: 'alice', items })).id;
  }

  it('does nothing before a row is due, and answers when the next is due', async () => {
    expect(await sweeper.run()).to.equal(undefined);
    await order();
    const inTime = (await shop.reservations.get(await hold(10))).expiresAt;
    expect(await sweeper.run()).to.deep.equal(inTime);
    shop.clock.advance(9_999);
    expect(await sweeper.run()).to.deep.equal(inTime);
    expect(sweeper.log).to.deep.equal([]);
  });

  it('ends reservations and unpaid orders, reports the delay, and returns the next due time', async () => {
    const [reservationId, orderId] = [await hold(10), await order()];
    const later = (await shop.reservations.get(await hold(100))).expiresAt;
    shop.clock.advance(WINDOW_MS + 5);
    expect(await sweeper.run()).to.deep.equal(later);
    expect(sweeper.log).to.have.members(['reservation 20005', 'order 5']);
    expect((await shop.reservations.get(reservationId)).status).to.equal('EXPIRED');
    expect((await shop.orders.get(orderId)).status).to.equal('EXPIRED');
    expect(await shop.units(productId)).to.deep.equal({ available: 499, held: 1 });
  });

  it('does not expire a paid order, however old', async () => {
    const id = await order();
    await new ChargeWallet(shop.unitOfWork, shop.ids, shop.clock).execute('alice', 1);
    await new PayOrderByPoints(shop.unitOfWork, shop.ids, shop.clock).execute('alice', id);
    shop.clock.advance(10 * WINDOW_MS);
    expect(await sweeper.run()).to.equal(undefined);
    expect((await shop.orders.get(id)).status).to.equal('PAID');
    expect(await shop.available(productId)).to.equal(498);
  });

  it('expires more rows than a batch, and goes on after each row that fails', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 250; i++) ids.push(await hold(10));
    // More rows than a batch, and the first ones that are due.
    for (const id of ids.slice(0, 110)) sweeper.failing.set(id, new Error('no'));
    shop.clock.advance(10_000);
    expect(await sweeper.run()).to.equal(undefined);
    expect(sweeper.log.filter((line) => line.endsWith('failed'))).to.have.length(110);
    expect(await shop.units(productId)).to.deep.equal({ available: 390, held: 110 });
    sweeper.failing.clear();
    await sweeper.run();
    expect(await shop.units(productId)).to.deep.equal({ available: 500, held: 0 });
  });

  it('ends at once when the database is down, and leaves no work running', async () => {
    const ids = [await hold(10), await hold(10), await hold(10)];
    const outage = new DependencyUnavailableError('database', new Error('gone'));
    sweeper.failing.set(ids[1] as string, outage);
    shop.clock.advance(10_000);
    expect(await rejection(sweeper.run())).to.equal(outage);
    expect(sweeper.log.filter((line) => line.endsWith('failed'))).to.deep.equal([]);
    expect(await shop.units(productId)).to.deep.equal({ available: 499, held: 1 });
  });

  it('is done by one process at a time, and by another process after a crash', async () => {
    const other = new Sweeper(shop);
    await hold(10);
    await hold(11);
    await hold(11 + LEASE_MS / 1000);
    shop.clock.advance(10_000);
    await sweeper.run();
    shop.clock.advance(1_000);
    expect(await other.run()).to.equal(undefined);
    expect(await shop.units(productId)).to.deep.equal({ available: 498, held: 2 });
    // The first process never comes back.
    shop.clock.advance(LEASE_MS);
    await other.run();
    expect(other.log).to.deep.equal(['reservation 3000', 'reservation 0']);
    expect(await shop.units(productId)).to.deep.equal({ available: 500, held: 0 });
  });

  it('is passed on at once by a process that stops or at which a row fails', async () => {
    const other = new Sweeper(shop);
    const poisoned = await hold(10);
    await hold(10);
    shop.clock.advance(10_000);
    sweeper.failing.set(poisoned, new Error('no'));
    await sweeper.run();
    await other.run();
    expect(other.log).to.deep.equal(['reservation 0']);
    await hold(1);
    shop.clock.advance(1_000);
    await sweeper.run();
    expect(await shop.units(productId)).to.deep.equal({ available: 499, held: 1 });
    await other.leader.release();
    await sweeper.run();
    expect(await shop.units(productId)).to.deep.equal({ available: 500, held: 0 });
  });

  it('ends no further row after it is stopped', async () => {
    await hold(10);
    shop.clock.advance(10_000);
    sweeper.stop();
    await sweeper.run();
    expect(await shop.units(productId)).to.deep.equal({ available: 499, held: 1 });
  });
});
