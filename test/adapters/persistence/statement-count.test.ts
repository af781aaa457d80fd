import { expect } from 'chai';
import { v7 } from 'uuid';
import { InProcessCache } from '../../../src/adapters/cache/in-process-cache.js';
import { InProcessLock } from '../../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { SqlIdempotencyRecords } from '../../../src/adapters/persistence/sql/aggregates/idempotency.js';
import { SqlOrderQueries } from '../../../src/adapters/persistence/sql/aggregates/orders.js';
import { SqlProductQueries } from '../../../src/adapters/persistence/sql/aggregates/products.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { SqlTransactions } from '../../../src/adapters/persistence/sql/sql-transactions.js';
import { UuidV7Generator } from '../../../src/adapters/system/uuid-v7-generator.js';
import { CreateProduct } from '../../../src/application/catalogue/create-product.js';
import { KnownProducts } from '../../../src/application/catalogue/known-products.js';
import { CancelOrder } from '../../../src/application/orders/cancel-order.js';
import { PayOrderByPoints } from '../../../src/application/orders/pay-order-by-points.js';
import { PlaceOrder } from '../../../src/application/orders/place-order.js';
import { unitOfWorkStack } from '../../../src/application/unit-of-work/unit-of-work-stack.js';
import { ChargeWallet } from '../../../src/application/wallets/charge-wallet.js';
import { Quotas } from '../../../src/domain/orders/quotas.js';
import { orderKey, stockKey } from '../../../src/domain/resource-keys.js';
import { eventually } from '../../contract/eventually.js';
import { FixedClock } from '../../support/doubles/fixed-clock.js';
import { openTestMysql } from './databases.js';

/** A command that mysql2 sends to the server; one that only prepares a statement has no `sql`. */
interface Command {
  readonly sql?: string;
}

interface Connection {
  addCommand(command: Command): Command;
}

/** The query by which the pool asks a server for its state once a second. */
const STATE_QUERY = /@@global/;

/** Records the text of each round trip on the only connection of the pool. */
async function noteRoundTrips({ sequelize }: SqlDatabase, into: string[]): Promise<void> {
  const manager = sequelize.connectionManager as unknown as {
    getConnection(options: object): Promise<Connection>;
    releaseConnection(connection: Connection): void;
  };
  const connection = await manager.getConnection({ type: 'write' });
  const add = connection.addCommand.bind(connection);
  connection.addCommand = (command) => {
    const { sql } = command;
    if (sql !== undefined && !STATE_QUERY.test(sql)) into.push(sql.trim());
    return add(command);
  };
  manager.releaseConnection(connection);
}

describe('The round trips to MySQL', () => {
  const ids = new UuidV7Generator();
  const clock = new FixedClock();
  const quotas = new Quotas({ unpaidOrders: 500, holds: 100, units: 20_000, queuedOrders: 500 });
  let resources: AsyncDisposableStack;
  let database: SqlDatabase;
  let roundTrips: string[];
  let lock: LockPortAdapter;
  let tea: string;
  let orders: PlaceOrder;
  let wallets: ChargeWallet;
  let payments: PayOrderByPoints;
  let cancellations: CancelOrder;

  before(async () => {
    resources = new AsyncDisposableStack();
    database = await openTestMysql(resources, 1);
    const { tables } = database;
    const products = new SqlProductQueries(tables.products);
    lock = new LockPortAdapter(new InProcessLock());
    const units = unitOfWorkStack({
      locks: lock,
      transactions: new SqlTransactions(database),
      cache: new InProcessCache(),
      records: new SqlIdempotencyRecords(tables.idempotencyRecords),
      ids,
      clock,
      report: () => {},
      batching: { maxTransactions: 3, maxProducts: 128, waitMs: 10_000, maxWaiting: 1_000 },
    });
    orders = new PlaceOrder(units, new KnownProducts(products), ids, clock, 60_000, quotas);
    wallets = new ChargeWallet(units, ids, clock);
    payments = new PayOrderByPoints(units, ids, clock);
    cancellations = new CancelOrder(units, new SqlOrderQueries(tables), ids, clock);
    const fields = { sku: v7(), name: 'Tea', price: 1, category: 'tea', stock: 1_000 };
    tea = (await new CreateProduct(units, ids, clock).execute(fields)).id;
    await place('warm');
    await wallets.execute('alice', 1_000);
    roundTrips = [];
    await noteRoundTrips(database, roundTrips);
  });

  beforeEach(() => {
    roundTrips.length = 0;
  });

  after(() => resources.disposeAsync());

  const place = (userId: string, scope = {}) =>
    orders.execute({ userId, items: [{ productId: tea, quantity: 1 }] }, scope);

  const once = () => ({
    once: { scope: 'alice', key: v7(), fingerprint: 'f'.repeat(64), replayed: () => {} },
  });

  /** The verb and the first table of each statement, by round trip. */
  const kinds = () => roundTrips.map((text) => text.split(/;\s+/).map(kindOf).join(', '));
  const kindOf = (sql: string) => {
    const [, verb, table] = /^(\w+)(?:.*?(?:INTO|FROM|UPDATE) `?(\w+))?/s.exec(sql) ?? [];
    return verb === 'UPDATE'
      ? `UPDATE ${sql.split(/\s+/)[1]}`
      : [verb, table].filter(Boolean).join(' ');
  };

  it('for an order are three', async () => {
    await place('alice');
    expect(kinds()).to.deep.equal([
      'START, SELECT stocks',
      'UPDATE stocks, INSERT orders, INSERT order_items, INSERT outbox',
      'COMMIT',
    ]);
  });

  it('for an order with an idempotency key are one more', async () => {
    await place('alice', once());
    expect(kinds()).to.deep.equal([
      'SELECT answers',
      'START, SELECT stocks',
      'UPDATE stocks, INSERT orders, INSERT order_items, INSERT answers, INSERT outbox',
      'COMMIT',
    ]);
  });

  it('for 64 orders that wait for the same product are as many as for one', async () => {
    const holder = await lock.acquire([stockKey(tea)]);
    const placed = Array.from({ length: 64 }, (_, i) => place(`user-${i}`));
    await new Promise(setImmediate);
    await holder.release();
    await Promise.all(placed);
    expect(kinds()).to.have.length(3);
  });

  it('for 64 orders with idempotency keys are those that look for the keys, and three', async () => {
    const holder = await lock.acquire([stockKey(tea)]);
    const placed = Array.from({ length: 64 }, (_, i) => place(`user-${i}`, once()));
    await eventually(() => expect(kinds()).to.deep.equal(Array(64).fill('SELECT answers')));
    // The pool has one connection, so this result comes after those of all lookups.
    await database.sequelize.query('SELECT 1');
    await new Promise(setImmediate);
    roundTrips.length = 0;
    await holder.release();
    await Promise.all(placed);
    expect(kinds()).to.deep.equal([
      'START, SELECT stocks',
      'UPDATE stocks, INSERT orders, INSERT order_items, INSERT answers, INSERT outbox',
      'COMMIT',
    ]);
  });

  it('for a charge are three', async () => {
    await wallets.execute('alice', 1);
    expect(kinds()).to.deep.equal([
      'START, SELECT wallets',
      'UPDATE wallets, INSERT wallet_entries',
      'COMMIT',
    ]);
  });

  it('for a payment are three, and for a cancellation one more', async () => {
    const { id } = await place('alice');
    roundTrips.length = 0;
    await payments.execute('alice', id);
    expect(kinds()).to.deep.equal([
      'START, SELECT orders, SELECT wallets',
      'UPDATE orders, UPDATE wallets, INSERT wallet_entries, INSERT payments, INSERT outbox',
      'COMMIT',
    ]);
    roundTrips.length = 0;
    await cancellations.execute('alice', id);
    expect(kinds()).to.deep.equal([
      // Before the locks: which products the order has.
      'SELECT orders',
      'START, SELECT orders, SELECT payments, SELECT stocks, SELECT wallets',
      'UPDATE stocks, UPDATE orders, UPDATE wallets, INSERT wallet_entries, UPDATE payments, INSERT outbox',
      'COMMIT',
    ]);
  });

  it('for payments of many customers that wait for a transaction are as many as for one', async () => {
    const users = Array.from({ length: 32 }, (_, i) => `payer-${i}`);
    const placed = await Promise.all(users.map((user) => place(user)));
    await Promise.all(users.map((user) => wallets.execute(user, 5)));
    roundTrips.length = 0;
    const holder = await lock.acquire(placed.map(({ id }) => orderKey(id)));
    const paid = placed.map(({ id, userId }) => payments.execute(userId, id));
    await new Promise(setImmediate);
    await holder.release();
    await Promise.all(paid);
    // Three transactions may begin before the rest share the next one.
    expect(kinds().length).to.be.at.most(4 * 3);
  });

  it('for a refusal before the first statement are none', async () => {
    const transactions = new SqlTransactions(database);
    await (await transactions.begin()).rollback();
    await (await transactions.begin()).commit();
    expect(kinds()).to.deep.equal([]);
  });
});
