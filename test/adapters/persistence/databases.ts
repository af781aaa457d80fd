import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MemoryCardPaymentQueries } from '../../../src/adapters/persistence/memory/card-payments.js';
import {
  MemoryLikeQueries,
  MemoryProductQueries,
} from '../../../src/adapters/persistence/memory/catalogue.js';
import { MemoryIdempotencyRecords } from '../../../src/adapters/persistence/memory/idempotency.js';
import { MemoryDatabase } from '../../../src/adapters/persistence/memory/memory-database.js';
import { MemoryTransactions } from '../../../src/adapters/persistence/memory/memory-transactions.js';
import {
  MemoryOrderRequestQueries,
  MemorySettledOrderRequests,
} from '../../../src/adapters/persistence/memory/order-requests.js';
import { MemoryOrderQueries } from '../../../src/adapters/persistence/memory/orders.js';
import {
  MemoryOutboxBacklog,
  MemoryOutboxQueries,
} from '../../../src/adapters/persistence/memory/outbox.js';
import { MemoryRankingQueries } from '../../../src/adapters/persistence/memory/rankings.js';
import {
  MemoryExpiryQueries,
  MemoryReservationQueries,
} from '../../../src/adapters/persistence/memory/reservations.js';
import { MemorySalesQueries } from '../../../src/adapters/persistence/memory/sales.js';
import { MemoryStockQueries } from '../../../src/adapters/persistence/memory/stock.js';
import { MemoryWalletQueries } from '../../../src/adapters/persistence/memory/wallets.js';
import { SqlCardPaymentQueries } from '../../../src/adapters/persistence/sql/aggregates/card-payments.js';
import { SqlIdempotencyRecords } from '../../../src/adapters/persistence/sql/aggregates/idempotency.js';
import { SqlLikeQueries } from '../../../src/adapters/persistence/sql/aggregates/likes.js';
import {
  SqlOrderRequestQueries,
  SqlSettledOrderRequests,
} from '../../../src/adapters/persistence/sql/aggregates/order-requests.js';
import { SqlOrderQueries } from '../../../src/adapters/persistence/sql/aggregates/orders.js';
import {
  SqlOutboxBacklog,
  SqlOutboxQueries,
} from '../../../src/adapters/persistence/sql/aggregates/outbox.js';
import { SqlProductQueries } from '../../../src/adapters/persistence/sql/aggregates/products.js';
import { SqlRankingQueries } from '../../../src/adapters/persistence/sql/aggregates/rankings.js';
import {
  SqlExpiryQueries,
  SqlReservationQueries,
} from '../../../src/adapters/persistence/sql/aggregates/reservations.js';
import { SqlSalesQueries } from '../../../src/adapters/persistence/sql/aggregates/sales.js';
import { SqlStockQueries } from '../../../src/adapters/persistence/sql/aggregates/stocks.js';
import { SqlWalletQueries } from '../../../src/adapters/persistence/sql/aggregates/wallets.js';
import { openMysql } from '../../../src/adapters/persistence/sql/connections/mysql-database.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { migrate } from '../../../src/adapters/persistence/sql/migrations/migrate.js';
import { SqlTransactions } from '../../../src/adapters/persistence/sql/sql-transactions.js';
import { openSqlite } from '../../../src/adapters/persistence/sql/sqlite/sqlite-database.js';
import { SqliteTransactions } from '../../../src/adapters/persistence/sql/sqlite/sqlite-transactions.js';
import type { LikeQueries, ProductQueries } from '../../../src/domain/catalogue/ports.js';
import type { OutboxBacklog, OutboxQueries } from '../../../src/domain/events/outbox.js';
import type { IdempotencyRecords } from '../../../src/domain/idempotency/idempotency-records.js';
import type {
  OrderQueries,
  OrderRequestQueries,
  SettledOrderRequests,
} from '../../../src/domain/orders/ports.js';
import type { CardPaymentQueries } from '../../../src/domain/payments/ports.js';
import type { RankingQueries, SalesQueries } from '../../../src/domain/popularity/ports.js';
import type { TransactionPort } from '../../../src/domain/ports/transaction-port.js';
import type { ExpiryQueries, ReservationQueries } from '../../../src/domain/reservations/ports.js';
import type { StockQueries } from '../../../src/domain/stock/ports.js';
import type { WalletQueries } from '../../../src/domain/wallets/ports.js';
import type { DatabaseServer } from '../../../tools/servers/mysql/database-server.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';

/** Every persistence port, on one database that is empty when it is opened. */
export interface Persistence {
  /** Removes all rows. */
  empty(): Promise<void>;
  readonly transactions: TransactionPort;
  readonly products: ProductQueries;
  readonly likes: LikeQueries;
  readonly stocks: StockQueries;
  readonly wallets: WalletQueries;
  readonly orders: OrderQueries;
  readonly orderRequests: OrderRequestQueries;
  readonly settledRequests: SettledOrderRequests;
  readonly backlog: OutboxBacklog;
  readonly outbox: OutboxQueries;
  readonly sales: SalesQueries;
  readonly rankings: RankingQueries;
  readonly reservations: ReservationQueries;
  readonly expiries: ExpiryQueries;
  readonly cardPayments: CardPaymentQueries;
  readonly idempotencyRecords: IdempotencyRecords;
}

export interface DatabaseKind {
  readonly name: string;
  open(resources: AsyncDisposableStack): Promise<Persistence>;
}

export const memory: DatabaseKind = {
  name: 'memory',
  open: async () => {
    const database = new MemoryDatabase();
    return {
      empty: async () => {
        for (const rows of Object.values(database.tables)) rows.clear();
      },
      transactions: new MemoryTransactions(database),
      products: new MemoryProductQueries(database),
      likes: new MemoryLikeQueries(database),
      stocks: new MemoryStockQueries(database),
      wallets: new MemoryWalletQueries(database),
      orders: new MemoryOrderQueries(database),
      orderRequests: new MemoryOrderRequestQueries(database),
      settledRequests: new MemorySettledOrderRequests(database),
      backlog: new MemoryOutboxBacklog(database),
      outbox: new MemoryOutboxQueries(database),
      sales: new MemorySalesQueries(database),
      rankings: new MemoryRankingQueries(database),
      reservations: new MemoryReservationQueries(database),
      expiries: new MemoryExpiryQueries(database),
      cardPayments: new MemoryCardPaymentQueries(database),
      idempotencyRecords: new MemoryIdempotencyRecords(database),
    };
  },
};

export const sqlite: DatabaseKind = {
  name: 'SQLite',
  open: async (resources) => {
    const database = await openTestSqlite(resources);
    return persistence(database, new SqliteTransactions(new SqlTransactions(database)));
  },
};

export const mysql: DatabaseKind = {
  name: 'MySQL',
  open: async (resources) => {
    const database = await openTestMysql(resources);
    return persistence(database, new SqlTransactions(database));
  },
};

/** A new database on a server that runs for all tests of the suite. */
export function mysqlOn(server: DatabaseServer): DatabaseKind {
  return {
    name: 'MySQL',
    open: async (resources) => {
      const database = await openMysqlOn(server, resources);
      return persistence(database, new SqlTransactions(database));
    },
  };
}

export async function openTestSqlite(resources: AsyncDisposableStack): Promise<SqlDatabase> {
  const file = path.join(await temporaryFolder(resources), 'test.sqlite');
  return migrated(await openSqlite({ file, busyMs: 5_000 }), resources);
}

export async function temporaryFolder(resources: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lockstep-sqlite-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function openTestMysql(
  resources: AsyncDisposableStack,
  poolMax = 10,
): Promise<SqlDatabase> {
  return openMysqlOn(resources.use(await startMysql()), resources, poolMax);
}

async function openMysqlOn(
  server: DatabaseServer,
  resources: AsyncDisposableStack,
  poolMax = 10,
): Promise<SqlDatabase> {
  const url = await server.createDatabase();
  const database = openMysql({ url, poolMax, acquireMs: 5_000, connectMs: 2_000, queryMs: 8_000 });
  return migrated(database, resources);
}

async function migrated(
  database: SqlDatabase,
  resources: AsyncDisposableStack,
): Promise<SqlDatabase> {
  resources.defer(() => database.close());
  await migrate(database.sequelize);
  return database;
}

function persistence(
  { sequelize, tables }: SqlDatabase,
  transactions: TransactionPort,
): Persistence {
  return {
    empty: async () => {
      // Migrations add the rows of the relays.
      const { outboxRelays, ...filled } = tables;
      await outboxRelays.update({ relay: '', until: new Date(0) }, { where: {} });
      // A row is removed before the row that its foreign key names.
      for (const { tableName } of Object.values(filled).reverse()) {
        await sequelize.query(`DELETE FROM ${tableName}`);
      }
    },
    transactions,
    products: new SqlProductQueries(tables.products),
    likes: new SqlLikeQueries(tables.likes),
    stocks: new SqlStockQueries(tables.stocks),
    wallets: new SqlWalletQueries(tables.wallets, tables.walletEntries),
    orders: new SqlOrderQueries(tables),
    orderRequests: new SqlOrderRequestQueries(tables.orderRequests),
    settledRequests: new SqlSettledOrderRequests(tables.orderRequests),
    backlog: new SqlOutboxBacklog(tables),
    outbox: new SqlOutboxQueries(tables.outbox),
    sales: new SqlSalesQueries(sequelize, tables),
    rankings: new SqlRankingQueries(tables.rankings),
    reservations: new SqlReservationQueries(tables.reservations),
    expiries: new SqlExpiryQueries(tables),
    cardPayments: new SqlCardPaymentQueries(tables.cardPayments),
    idempotencyRecords: new SqlIdempotencyRecords(tables.idempotencyRecords),
  };
}
