import type { Bind } from 'inversify';
import { SqlCardPaymentQueries } from '../../adapters/persistence/sql/aggregates/card-payments.js';
import { SqlIdempotencyRecords } from '../../adapters/persistence/sql/aggregates/idempotency.js';
import { SqlLikeQueries } from '../../adapters/persistence/sql/aggregates/likes.js';
import {
  SqlOrderRequestQueries,
  SqlSettledOrderRequests,
} from '../../adapters/persistence/sql/aggregates/order-requests.js';
import { SqlOrderQueries } from '../../adapters/persistence/sql/aggregates/orders.js';
import {
  SqlOutboxBacklog,
  SqlOutboxQueries,
} from '../../adapters/persistence/sql/aggregates/outbox.js';
import { SqlProductQueries } from '../../adapters/persistence/sql/aggregates/products.js';
import { SqlRankingQueries } from '../../adapters/persistence/sql/aggregates/rankings.js';
import {
  SqlExpiryQueries,
  SqlReservationQueries,
} from '../../adapters/persistence/sql/aggregates/reservations.js';
import { SqlSalesQueries } from '../../adapters/persistence/sql/aggregates/sales.js';
import { SqlStockQueries } from '../../adapters/persistence/sql/aggregates/stocks.js';
import { SqlWalletQueries } from '../../adapters/persistence/sql/aggregates/wallets.js';
import { ConnectionCounter } from '../../adapters/persistence/sql/connections/connections-observer.js';
import { SameInstallationCheck } from '../../adapters/persistence/sql/connections/same-installation-check.js';
import type { SqlDatabase } from '../../adapters/persistence/sql/connections/sql-database.js';
import { SqlHealthCheck } from '../../adapters/persistence/sql/connections/sql-health-check.js';
import type { SqlTransactions } from '../../adapters/persistence/sql/sql-transactions.js';
import type { SqliteTransactions } from '../../adapters/persistence/sql/sqlite/sqlite-transactions.js';
import { LikeQueries, ProductQueries } from '../../domain/catalogue/ports.js';
import { OutboxBacklog, OutboxQueries } from '../../domain/events/outbox.js';
import { IdempotencyRecords } from '../../domain/idempotency/idempotency-records.js';
import {
  OrderQueries,
  OrderRequestQueries,
  SettledOrderRequests,
} from '../../domain/orders/ports.js';
import { CardPaymentQueries } from '../../domain/payments/ports.js';
import { RankingQueries, SalesQueries } from '../../domain/popularity/ports.js';
import { HealthCheck } from '../../domain/ports/health-check.js';
import { TransactionPort } from '../../domain/ports/transaction-port.js';
import { ExpiryQueries, ReservationQueries } from '../../domain/reservations/ports.js';
import { StockQueries } from '../../domain/stock/ports.js';
import { WalletQueries } from '../../domain/wallets/ports.js';

/** The database of this instance. */
export class Installation {
  constructor(
    /** Unique to the database. */
    readonly id: string,
    /** Only the instances on this database know it; they sign cursors with it. */
    readonly secret: Uint8Array,
  ) {}
}

/** The bindings of SQLite and MySQL: everything except the begin of a transaction. */
export function bindSql(
  bind: Bind,
  { sequelize, tables }: SqlDatabase,
  transactions: SqlTransactions | SqliteTransactions,
  installation: Installation,
): void {
  bind(Installation).toConstantValue(installation);
  bind(TransactionPort).toConstantValue(transactions);
  bind(ConnectionCounter).toConstantValue(transactions);
  bind(ProductQueries).toConstantValue(new SqlProductQueries(tables.products));
  bind(LikeQueries).toConstantValue(new SqlLikeQueries(tables.likes));
  bind(StockQueries).toConstantValue(new SqlStockQueries(tables.stocks));
  bind(WalletQueries).toConstantValue(new SqlWalletQueries(tables.wallets, tables.walletEntries));
  bind(OrderQueries).toConstantValue(new SqlOrderQueries(tables));
  bind(OrderRequestQueries).toConstantValue(new SqlOrderRequestQueries(tables.orderRequests));
  bind(SettledOrderRequests).toConstantValue(new SqlSettledOrderRequests(tables.orderRequests));
  bind(OutboxBacklog).toConstantValue(new SqlOutboxBacklog(tables));
  bind(OutboxQueries).toConstantValue(new SqlOutboxQueries(tables.outbox));
  bind(SalesQueries).toConstantValue(new SqlSalesQueries(sequelize, tables));
  bind(RankingQueries).toConstantValue(new SqlRankingQueries(tables.rankings));
  bind(ReservationQueries).toConstantValue(new SqlReservationQueries(tables.reservations));
  bind(ExpiryQueries).toConstantValue(new SqlExpiryQueries(tables));
  bind(CardPaymentQueries).toConstantValue(new SqlCardPaymentQueries(tables.cardPayments));
  bind(IdempotencyRecords).toConstantValue(new SqlIdempotencyRecords(tables.idempotencyRecords));
  bind(HealthCheck).toConstantValue(new SqlHealthCheck(transactions));
  bind(HealthCheck).toConstantValue(new SameInstallationCheck(sequelize, installation.id));
}
