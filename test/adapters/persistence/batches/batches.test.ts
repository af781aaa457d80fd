import { expect } from 'chai';
import { v7 } from 'uuid';
import { InProcessCache } from '../../../../src/adapters/cache/in-process-cache.js';
import { InProcessLock } from '../../../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { UuidV7Generator } from '../../../../src/adapters/system/uuid-v7-generator.js';
import { CreateProduct } from '../../../../src/application/catalogue/create-product.js';
import { KnownProducts } from '../../../../src/application/catalogue/known-products.js';
import { CancelOrder } from '../../../../src/application/orders/cancel-order.js';
import { PayOrderByPoints } from '../../../../src/application/orders/pay-order-by-points.js';
import { PlaceOrder } from '../../../../src/application/orders/place-order.js';
import { ConfirmReservation } from '../../../../src/application/reservations/confirm-reservation.js';
import { ReleaseReservation } from '../../../../src/application/reservations/release-reservation.js';
import { ReserveUnits } from '../../../../src/application/reservations/reserve-units.js';
import { unitOfWorkStack } from '../../../../src/application/unit-of-work/unit-of-work-stack.js';
import { ChargeWallet } from '../../../../src/application/wallets/charge-wallet.js';
import { DomainError } from '../../../../src/domain/errors.js';
import type { OrderState } from '../../../../src/domain/orders/order.js';
import { Quotas, UNLIMITED } from '../../../../src/domain/orders/quotas.js';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
  LeaseLostError,
} from '../../../../src/domain/ports/failures.js';
import { type Lease, LockBusyError } from '../../../../src/domain/ports/lock-port.js';
import {
  type OpenTransaction,
  TransactionPort,
} from '../../../../src/domain/ports/transaction-port.js';
import type {
  RequestScope,
  Transaction,
  UnitOfWork,
} from '../../../../src/domain/ports/unit-of-work.js';
import { NO_READS } from '../../../../src/domain/ports/unit-of-work.js';
import { orderKey, stockKey, walletKey } from '../../../../src/domain/resource-keys.js';
import { eventually } from '../../../contract/eventually.js';
import { FixedClock } from '../../../support/doubles/fixed-clock.js';
import { expectHistories } from '../../events/support/histories.js';
import { memory, mysql, type Persistence, sqlite } from '../databases.js';
import { emptiedDatabase } from '../support/emptied-database.js';

const WINDOW_MS = 60_000;

/** Counts transactions; a test can make their steps fail. */
class WatchedTransactions extends TransactionPort {
  begun = 0;
  beforeBegin: (() => Promise<void>) | undefined;
  beforeCommit: (() => void | Promise<void>) | undefined;

  constructor(private readonly inner: TransactionPort) {
    super();
  }

  override async begin(rowKeys?: readonly string[]): Promise<OpenTransaction> {
    this.begun += 1;
    await this.beforeBegin?.();
    const tx = await this.inner.begin(rowKeys);
    const commit = async () => {
      await this.beforeCommit?.();
      await tx.commit();
    };
    return { ...tx, commit };
  }
}

/** A lock whose leases a test can end. */
class LosableLock extends LockPortAdapter {
  lost: string | undefined;

  constructor() {
    super(new InProcessLock());
  }

  override async acquire(...asked: Parameters<LockPortAdapter['acquire']>): Promise<Lease> {
    const lease = await super.acquire(...asked);
    const assertHeld = () => {
      if (this.lost && lease.keys.includes(this.lost)) throw new LeaseLostError(lease.keys);
      lease.assertHeld();
    };
    const { keys, token, signal } = lease;
    const release = () => lease.release();
    return { keys, token, signal, assertHeld, release, [Symbol.asyncDispose]: release };
  }
}

/** Counts the orders whose locks are known, so that they now wait for their locks. */
class CountedProducts extends KnownProducts {
  asked = 0;

  override async keysOf(...args: Parameters<KnownProducts['keysOf']>) {
    const keys = await super.keysOf(...args);
    this.asked += 1;
    return keys;
  }
}

for (const kind of [memory, sqlite, mysql]) {
  describe(`Units that share leases and transactions, in ${kind.name}`, () => {
    const ids = new UuidV7Generator();
    let clock: FixedClock;
    const database = emptiedDatabase(kind);
    let db: Persistence;
    let lock: LosableLock;
    let transactions: WatchedTransactions;
    let units: UnitOfWork;
    let orders: PlaceOrder;
    let known: CountedProducts;
    let started: number;

    beforeEach(async () => {
      clock = new FixedClock();
      db = database();
      lock = new LosableLock();
      transactions = new WatchedTransactions(db.transactions);
      build();
    });

    function build(quotas: Quotas = UNLIMITED, maxTransactions = 1): void {
      units = unitOfWorkStack({
        locks: lock,
        transactions,
        cache: new InProcessCache(),
        records: db.idempotencyRecords,
        ids,
        clock,
        report: () => {},
        batching: { maxTransactions, maxProducts: 100, waitMs: 5_000, maxWaiting: 1_000 },
      });
      known = new CountedProducts(db.products);
      started = 0;
      orders = new PlaceOrder(units, known, ids, clock, WINDOW_MS, quotas);
    }

    /** Expects one event for each order and for each change of a stock. */
    async function expectWhole(): Promise<void> {
      const events = (await db.outbox.next('events', 1_000)).map((entry) => entry.message);
      const products = await db.products.list({ limit: 1_000 });
      const stocks = await Promise.all(products.items.map(({ id }) => db.stocks.get(id)));
      const users = new Set(events.flatMap(({ data }) => ('userId' in data ? [data.userId] : [])));
      const pages = [...users].map((userId) => db.orders.list(userId, { limit: 1_000 }));
      const placed = (await Promise.all(pages)).flatMap(({ items }) => items);
      expectHistories(events, { orders: placed, stocks });
      expect(new Set(events.map(({ id }) => id)).size).to.equal(events.length);
    }

    async function product(stock: number): Promise<string> {
      const create = new CreateProduct(units, ids, clock);
      const fields = { sku: v7(), name: 'Tea', price: 5, category: 'tea', stock };
      const { id } = await create.execute(fields);
      // Loads the product into memory, so that no order waits for a query before it waits for its
      // lock.
      await known.missing([id]);
      return id;
    }

    function place(productId: string, quantity = 1, userId = 'alice', scope: RequestScope = {}) {
      started += 1;
      return orders.execute({ userId, items: [{ productId, quantity }] }, scope);
    }

    const once = (key: string): RequestScope => ({
      once: { scope: 'alice', key, fingerprint: 'f'.repeat(64), replayed: () => {} },
    });

    /**
     * Starts the requests while another holder has the keys, and releases the keys when all wait.
     */
    async function together<T>(
      productIds: readonly string[],
      start: () => readonly Promise<T>[],
      whileTheyWait: () => void = () => {},
    ): Promise<PromiseSettledResult<T>[]> {
      const holder = await lock.acquire(productIds.map(stockKey));
      const outcomes = Promise.allSettled(start());
      await eventually(() => expect(known.asked).to.equal(started));
      await new Promise(setImmediate);
      whileTheyWait();
      transactions.begun = 0;
      await holder.release();
      const settled = await outcomes;
      await expectWhole();
      return settled;
    }

    const codes = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
      outcomes.map((each) => {
        if (each.status === 'fulfilled') return 'placed';
        return each.reason instanceof DomainError ? each.reason.code : String(each.reason.name);
      });

    it('decides the orders that wait for one product in one transaction', async () => {
      const tea = await product(100);
      const outcomes = await together([tea], () => Array.from({ length: 50 }, () => place(tea)));
      expect(codes(outcomes)).to.deep.equal(Array.from({ length: 50 }, () => 'placed'));
      expect(transactions.begun).to.equal(1);
      expect(await db.stocks.get(tea)).to.include({ available: 50, version: 51 });
    });

    it('decides the orders that wait for a transaction together, each under its own lease', async () => {
      const products = [];
      for (let i = 0; i < 10; i += 1) products.push(await product(1));
      const wanted = [...products, ...products];
      const outcomes = await together(products, () => wanted.map((id) => place(id)));
      expect(codes(outcomes).filter((code) => code === 'placed')).to.have.length(10);
      expect(codes(outcomes).filter((code) => code === 'insufficient_stock')).to.have.length(10);
      expect(transactions.begun).to.be.at.most(4);
      for (const id of products) expect(await db.stocks.get(id)).to.include({ available: 0 });
    });

    it('refuses only the order of a batch for which too few units are left', async () => {
      const tea = await product(5);
      const outcomes = await together([tea], () => [2, 2, 2, 1].map((n) => place(tea, n)));
      expect(codes(outcomes)).to.deep.equal(['placed', 'placed', 'insufficient_stock', 'placed']);
      expect(outcomes[2]).to.have.deep.nested.property('reason.details', {
        ...{ productId: tea, requested: 2, available: 1 },
      });
      expect((await db.orders.list('alice', { limit: 10 })).items).to.have.length(3);
    });

    it('undoes everything that a refused unit of a batch did, also what it saved', async () => {
      const tea = await product(10);
      const save = (quantity: number, isRefused: boolean) =>
        units.run({ locks: [stockKey(tea)], batch: NO_READS }, async (tx: Transaction) => {
          const stock = await tx.stocks.get(tea);
          await tx.stocks.saveMany([stock.take(quantity)]);
          if (isRefused) throw new DomainError('order_not_payable', 'Refused late.');
        });
      const outcomes = await together([tea], () => [save(1, false), save(5, true), save(2, false)]);
      expect(codes(outcomes)).to.deep.equal(['placed', 'order_not_payable', 'placed']);
      expect(transactions.begun).to.equal(1);
      expect(await db.stocks.get(tea)).to.include({ available: 7, version: 3 });
    });

    it('runs the units of a batch in separate transactions when one is refused after a direct write', async () => {
      const tea = await product(10);
      const rename = (name: string, isRefused: boolean) =>
        units.run({ locks: [stockKey(tea)], batch: NO_READS }, async (tx: Transaction) => {
          const found = await tx.products.get(tea);
          await tx.products.save(found.revise({ name }, clock.now()));
          if (isRefused) throw new DomainError('order_not_payable', 'Refused late.');
        });
      const outcomes = await together([tea], () => [
        rename('Green tea', false),
        rename('Coffee', true),
      ]);
      expect(codes(outcomes)).to.deep.equal(['placed', 'order_not_payable']);
      expect(await db.products.get(tea)).to.include({ name: 'Green tea', version: 2 });
    });

    /** Starts the requests while another holder has the keys, and releases the keys when all wait. */
    async function whileHeld<T>(keys: readonly string[], start: () => readonly Promise<T>[]) {
      const holder = await lock.acquire(keys);
      const outcomes = Promise.allSettled(start());
      await new Promise(setImmediate);
      transactions.begun = 0;
      await holder.release();
      const settled = await outcomes;
      await expectWhole();
      return settled;
    }

    it('adds the charges of one wallet, and those of other wallets, in few transactions', async () => {
      const charges = new ChargeWallet(units, ids, clock);
      const users = ['alice', 'bob', 'carol', 'dave'];
      const outcomes = await whileHeld(users.map(walletKey), () =>
        users.flatMap((user) => [1, 2, 3].map((amount) => charges.execute(user, amount))),
      );
      expect(codes(outcomes)).to.deep.equal(outcomes.map(() => 'placed'));
      expect(transactions.begun).to.be.at.most(2);
      for (const user of users) {
        expect(await db.wallets.get(user)).to.deep.equal({ userId: user, balance: 6, version: 3 });
        const { items } = await db.wallets.entries(user, { limit: 10 });
        const seen = items.map(({ amount, balance }) => [amount, balance]);
        expect(seen).to.deep.equal([
          [3, 6],
          [2, 3],
          [1, 1],
        ]);
      }
    });

    it('pays and cancels orders together, and refuses only those that cannot be', async () => {
      const tea = await product(100);
      const charges = new ChargeWallet(units, ids, clock);
      const users = ['alice', 'bob', 'carol', 'dave'];
      // Three units cost 15 points; dave has only 14.
      for (const user of users) await charges.execute(user, user === 'dave' ? 14 : 20);
      const placed = await Promise.all(users.map((user) => place(tea, 3, user)));
      const orderKeys = placed.map(({ id }) => orderKey(id));

      const payments = new PayOrderByPoints(units, ids, clock);
      const pay = (order: OrderState) => payments.execute(order.userId, order.id);
      const paid = await whileHeld(orderKeys, () => [...placed, ...placed.slice(0, 1)].map(pay));
      expect(codes(paid)).to.deep.equal([
        ...['placed', 'placed', 'placed', 'insufficient_points', 'order_not_payable'],
      ]);
      expect(transactions.begun).to.be.at.most(2);
      expect(await balances(users)).to.deep.equal([5, 5, 5, 14]);
      const [first] = paid;
      expect(first).to.have.deep.nested.property('value.order', await db.orders.get(idOf(placed)));

      const cancellations = new CancelOrder(units, db.orders, ids, clock);
      const cancel = (order: OrderState) => cancellations.execute(order.userId, order.id);
      const cancelled = await whileHeld([stockKey(tea)], () => placed.map(cancel));
      expect(codes(cancelled)).to.deep.equal(cancelled.map(() => 'placed'));
      const again = await Promise.allSettled(placed.map(cancel));
      expect(codes(again)).to.deep.equal(again.map(() => 'order_not_cancellable'));
      expect(await balances(users)).to.deep.equal([20, 20, 20, 14]);
      expect(await db.stocks.get(tea)).to.include({ available: 100 });
      const refunds = cancelled.map((each) => each.status === 'fulfilled' && each.value.refunded);
      expect(refunds).to.deep.equal([15, 15, 15, 0]);
    });

    const idOf = ([first]: readonly OrderState[]) => first?.id ?? '';

    async function balances(users: readonly string[]): Promise<number[]> {
      const wallets = await Promise.all(users.map((user) => db.wallets.get(user)));
      return wallets.map(({ balance }) => balance);
    }

    it('reserves, confirms and releases together with orders, within the same quotas', async () => {
      const quotas = new Quotas({ unpaidOrders: 3, holds: 2, units: 7, queuedOrders: 0 });
      build(quotas);
      const tea = await product(20);
      const reserve = new ReserveUnits(units, known, ids, clock, quotas);
      const hold = (quantity: number, userId = 'alice') => {
        started += 1;
        return reserve.execute({ userId, productId: tea, quantity, holdSeconds: 60 });
      };
      const outcomes = await together<{ id: string }>([tea], () => [
        hold(3),
        place(tea, 4),
        hold(1),
        hold(2, 'bob'),
        hold(3, 'bob'),
        hold(1, 'bob'),
      ]);
      expect(codes(outcomes)).to.deep.equal([
        ...['placed', 'placed', 'quota_exceeded', 'placed', 'placed', 'quota_exceeded'],
      ]);
      expect(transactions.begun).to.equal(1);
      expect(await db.stocks.get(tea)).to.include({ available: 8, held: 8 });

      const [mine, , , his, second] = outcomes.map((each) =>
        each.status === 'fulfilled' ? each.value.id : '',
      );
      const confirm = new ConfirmReservation(units, db.reservations, ids, clock, WINDOW_MS, quotas);
      const release = new ReleaseReservation(units, db.reservations);
      const ended = await whileHeld<unknown>([stockKey(tea)], () => [
        confirm.execute('alice', mine ?? ''),
        confirm.execute('bob', his ?? ''),
        release.execute('bob', second ?? ''),
        confirm.execute('alice', his ?? ''),
      ]);
      expect(codes(ended)).to.deep.equal(['placed', 'placed', 'placed', 'reservation_not_found']);
      expect(await db.stocks.get(tea)).to.include({ available: 11, held: 0 });
      expect(await db.reservations.get(mine ?? '')).to.include({ status: 'CONFIRMED' });
      expect(await db.reservations.get(second ?? '')).to.include({ status: 'RELEASED' });
      const bought = await db.orders.list('alice', { limit: 10 });
      expect(bought.items.map(({ items }) => items[0]?.quantity)).to.have.members([3, 4]);
    });

    it('charges again, each by itself, when another process has changed a wallet', async () => {
      const charges = new ChargeWallet(units, ids, clock);
      await charges.execute('alice', 10);
      let written = false;
      transactions.beforeCommit = async () => {
        if (written) return;
        written = true;
        throw new ConcurrentUpdateError('another transaction was first');
      };
      const outcomes = await whileHeld([walletKey('alice')], () =>
        [1, 2].map((amount) => charges.execute('alice', amount)),
      );
      expect(codes(outcomes)).to.deep.equal(['placed', 'placed']);
      expect(transactions.begun).to.equal(3);
      expect(await db.wallets.get('alice')).to.include({ balance: 13, version: 3 });
    });

    it('keeps the idempotency record of each order of a batch, placed or refused', async () => {
      const tea = await product(2);
      const keys = [v7(), v7(), v7()];
      const outcomes = await together([tea], () =>
        keys.map((key) => place(tea, 1, 'alice', once(key))),
      );
      // Each first looks for its record, on a connection of its own, so they may arrive in another order.
      expect(codes(outcomes).sort()).to.deep.equal(['insufficient_stock', 'placed', 'placed']);
      const again = await Promise.allSettled(keys.map((key) => place(tea, 1, 'alice', once(key))));
      expect(codes(again)).to.deep.equal(codes(outcomes));
      const idsOf = (all: readonly PromiseSettledResult<OrderState>[]) =>
        all.map((each) => each.status === 'fulfilled' && each.value.id);
      expect(idsOf(again)).to.deep.equal(idsOf(outcomes));
      expect(await db.stocks.get(tea)).to.include({ available: 0 });
    });

    it('decides the orders of a batch one by one when the database refuses it', async () => {
      const tea = await product(10);
      const keys = [v7(), v7(), v7()];
      let written = false;
      transactions.beforeCommit = async () => {
        if (written) return;
        written = true;
        // Another process that had lost its lock on the key was first.
        throw new ConcurrentUpdateError('another transaction was first');
      };
      const outcomes = await together([tea], () =>
        keys.map((key) => place(tea, 2, 'alice', once(key))),
      );
      expect(codes(outcomes)).to.deep.equal(['placed', 'placed', 'placed']);
      expect(transactions.begun).to.equal(4);
      expect(await db.stocks.get(tea)).to.include({ available: 4, version: 4 });
    });

    it('answers a member with the record that its key has by now, and places the others', async () => {
      const tea = await product(10);
      const [taken, free] = [v7(), v7()];
      // This happens after the orders have looked for a record, and before they are decided.
      transactions.beforeBegin = async () => {
        transactions.beforeBegin = undefined;
        await addRecord(taken);
      };
      const outcomes = await together([tea], () =>
        [taken, free].map((key) => place(tea, 1, 'alice', once(key))),
      );
      expect(codes(outcomes)).to.deep.equal(['placed', 'placed']);
      expect(outcomes[0]).to.have.nested.property('value.id', 'recorded');
      expect(await db.stocks.get(tea)).to.include({ available: 9 });
      expect((await db.orders.list('alice', { limit: 10 })).items).to.have.length(1);
    });

    async function addRecord(key: string): Promise<void> {
      const tx = await db.transactions.begin();
      const record = {
        key: { scope: 'alice', key, fingerprint: 'f'.repeat(64) },
        outcome: { value: { id: 'recorded' } },
        expiresAt: new Date(clock.now().getTime() + WINDOW_MS),
      };
      await tx.idempotencyRecords.add([record]);
      await tx.commit();
    }

    it('counts what a customer orders in the same batch against the quotas', async () => {
      build(new Quotas({ unpaidOrders: 3, holds: 0, units: 0, queuedOrders: 0 }));
      const tea = await product(100);
      const outcomes = await together([tea], () => [
        ...Array.from({ length: 5 }, () => place(tea)),
        place(tea, 1, 'bob'),
      ]);
      const expected = ['placed', 'placed', 'placed', 'quota_exceeded', 'quota_exceeded', 'placed'];
      expect(codes(outcomes)).to.deep.equal(expected);
      build(new Quotas({ unpaidOrders: 0, holds: 0, units: 7, queuedOrders: 0 }));
      const cup = await product(100);
      const cups = await together([cup], () => [3, 3, 3, 1].map((n) => place(cup, n, 'carol')));
      expect(codes(cups)).to.deep.equal(['placed', 'placed', 'quota_exceeded', 'placed']);
    });

    it('fails only the units whose lease is lost', async () => {
      const [tea, cup] = [await product(10), await product(10)];
      const blocker = await product(10);
      lock.lost = stockKey(tea);
      const outcomes = await together([tea, cup, blocker], () => [
        place(blocker),
        ...[tea, cup, tea, cup].map((id) => place(id)),
      ]);
      const expected = ['placed', 'LeaseLostError', 'placed', 'LeaseLostError', 'placed'];
      expect(codes(outcomes)).to.deep.equal(expected);
      expect(await db.stocks.get(tea)).to.include({ available: 10 });
      expect(await db.stocks.get(cup)).to.include({ available: 8 });
    });

    it('rejects every member when the database is not available, without a second try', async () => {
      const tea = await product(10);
      transactions.beforeCommit = () => {
        throw new DependencyUnavailableError('database', new Error('gone'));
      };
      const outcomes = await together([tea], () => [1, 1, 1].map((n) => place(tea, n)));
      transactions.beforeCommit = undefined;
      expect(new Set(codes(outcomes))).to.deep.equal(new Set(['DependencyUnavailableError']));
      expect(transactions.begun).to.equal(1);
    });

    it('removes a cancelled order from the batch, and decides the others', async () => {
      const tea = await product(10);
      const hangUp = new AbortController();
      const outcomes = await together(
        [tea],
        () => [place(tea), place(tea, 1, 'bob', { signal: hangUp.signal }), place(tea)],
        () => hangUp.abort(new Error('hung up')),
      );
      expect(codes(outcomes)).to.deep.equal(['placed', 'Error', 'placed']);
      expect(await db.stocks.get(tea)).to.include({ available: 8 });
    });

    it('stops its acquire when all waiting units are cancelled, and serves a later unit', async () => {
      const tea = await product(10);
      const holder = await lock.acquire([stockKey(tea)]);
      const hangUp = new AbortController();
      const left = Promise.allSettled([place(tea, 1, 'bob', { signal: hangUp.signal })]);
      await eventually(() => expect(known.asked).to.equal(started));
      await new Promise(setImmediate);
      hangUp.abort(new Error('hung up'));
      const later = place(tea);
      expect(codes(await left)).to.deep.equal(['Error']);
      await holder.release();
      expect(await later).to.include({ status: 'PENDING_PAYMENT' });
    });

    function walletsThatWait(waitMs: number, maxWaiting: number): ChargeWallet {
      const batching = { maxTransactions: 1, maxProducts: 100, waitMs, maxWaiting };
      const records = db.idempotencyRecords;
      const cache = new InProcessCache();
      const parts = { locks: lock, transactions, cache, records, ids, clock, batching };
      return new ChargeWallet(unitOfWorkStack({ ...parts, report: () => {} }), ids, clock);
    }

    it('refuses units that have waited too long for the lock, each at its own deadline', async () => {
      // On a slow machine the late unit may be refused too, so longer times are tried.
      for (const waitMs of [80, 800, 8_000]) {
        const wallets = walletsThatWait(waitMs, 100);
        const holder = await lock.acquire(['wallet:alice']);
        const early = Promise.allSettled([1, 2].map((n) => wallets.execute('alice', n)));
        await new Promise((resolve) => setTimeout(resolve, waitMs / 2));
        const late = Promise.allSettled([wallets.execute('alice', 4)]);
        for (const outcome of await early) {
          expect(outcome).to.have.property('reason').that.is.instanceOf(LockBusyError);
        }
        await holder.release();
        const [{ status }] = (await late) as [PromiseSettledResult<unknown>];
        if (status === 'fulfilled') break;
      }
      expect(await db.wallets.get('alice')).to.include({ balance: 4 });
    });

    it('refuses a unit at once when the maximum of this process waits', async () => {
      const wallets = walletsThatWait(60_000, 2);
      const holder = await lock.acquire(['wallet:alice']);
      const waiting = [1, 2].map((n) => wallets.execute('alice', n));
      const [refused] = await Promise.allSettled([wallets.execute('alice', 4)]);
      expect(refused).to.have.nested.property('reason.reason', 'queue_full');
      await holder.release();
      await Promise.all(waiting);
      expect(await db.wallets.get('alice')).to.include({ balance: 3 });
    });
  });
}
