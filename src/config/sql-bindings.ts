import type { Bind } from 'inversify';
import { SqlAnswerLog } from '../adapters/persistence/sql/queries/sql-answer-log.js';
import { SqlCardPaymentQueries } from '../adapters/persistence/sql/queries/sql-card-payment-queries.js';
import { SqlExpiryQueries } from '../adapters/persistence/sql/queries/sql-expiry-queries.js';
import { SqlLikeQueries } from '../adapters/persistence/sql/queries/sql-like-queries.js';
import { SqlOrderQueries } from '../adapters/persistence/sql/queries/sql-order-queries.js';
import { SqlOrderRequestQueries } from '../adapters/persistence/sql/queries/sql-order-request-queries.js';
import { SqlOutboxBacklog } from '../adapters/persistence/sql/queries/sql-outbox-backlog.js';
import { SqlOutboxQueries } from '../adapters/persistence/sql/queries/sql-outbox-queries.js';
import { SqlProductQueries } from '../adapters/persistence/sql/queries/sql-product-queries.js';
import { SqlRankings } from '../adapters/persistence/sql/queries/sql-rankings.js';
import { SqlReservationQueries } from '../adapters/persistence/sql/queries/sql-reservation-queries.js';
import { SqlSalesQueries } from '../adapters/persistence/sql/queries/sql-sales-queries.js';
import { SqlSettledOrderRequests } from '../adapters/persistence/sql/queries/sql-settled-order-requests.js';
import { SqlStockQueries } from '../adapters/persistence/sql/queries/sql-stock-queries.js';
import { SqlWalletQueries } from '../adapters/persistence/sql/queries/sql-wallet-queries.js';
import { SqlClock } from '../adapters/persistence/sql/sql-clock.js';
import type { SqlDatabase } from '../adapters/persistence/sql/sql-database.js';
import { SqlHealthCheck } from '../adapters/persistence/sql/sql-health-check.js';
import type { SqlTransactions } from '../adapters/persistence/sql/sql-transactions.js';
import type { SqliteTransactions } from '../adapters/persistence/sql/sqlite/sqlite-transactions.js';
import { InProcessRankings } from '../adapters/ranking/in-process-rankings.js';
import { RankingsByWindow } from '../adapters/ranking/rankings-by-window.js';
import { SHORT_WINDOWS } from '../domain/popularity.js';
import { AnswerLog } from '../domain/ports/answer-repository.js';
import { CardPaymentQueries } from '../domain/ports/card-payment-queries.js';
import { ExpiryQueries } from '../domain/ports/expiry-queries.js';
import { HealthCheck } from '../domain/ports/health-check.js';
import { LikeQueries } from '../domain/ports/like-queries.js';
import { OrderQueries } from '../domain/ports/order-queries.js';
import { OrderRequestQueries } from '../domain/ports/order-request-queries.js';
import { OutboxQueries } from '../domain/ports/outbox.js';
import { OutboxBacklog } from '../domain/ports/outbox-backlog.js';
import { ProductQueries } from '../domain/ports/product-queries.js';
import { RankingStore } from '../domain/ports/ranking-store.js';
import { ReservationQueries } from '../domain/ports/reservation-queries.js';
import { SalesQueries } from '../domain/ports/sales-queries.js';
import { SettledOrderRequests } from '../domain/ports/settled-order-requests.js';
import { StockQueries } from '../domain/ports/stock-queries.js';
import { TransactionPort } from '../domain/ports/transaction-port.js';
import { WalletQueries } from '../domain/ports/wallet-queries.js';
import type { Resources } from './resources.js';

/** The database's clock, read until the resources are closed. */
export async function startClock(
  { sequelize }: SqlDatabase,
  resources: Resources,
): Promise<SqlClock> {
  const clock = await SqlClock.start(sequelize);
  resources.defer(() => clock.stop());
  return clock;
}

/** What SQLite and MySQL have in common: everything but how a transaction begins. */
export function bindSql(
  bind: Bind,
  { sequelize, tables }: SqlDatabase,
  transactions: SqlTransactions | SqliteTransactions,
): void {
  bind(TransactionPort).toConstantValue(transactions);
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
  bind(RankingStore).toConstantValue(
    new RankingsByWindow(SHORT_WINDOWS, new InProcessRankings(), new SqlRankings(tables.rankings)),
  );
  bind(ReservationQueries).toConstantValue(new SqlReservationQueries(tables.reservations));
  bind(ExpiryQueries).toConstantValue(new SqlExpiryQueries(tables));
  bind(CardPaymentQueries).toConstantValue(new SqlCardPaymentQueries(tables.cardPayments));
  bind(AnswerLog).toConstantValue(new SqlAnswerLog(tables.answers));
  bind(HealthCheck).toConstantValue(new SqlHealthCheck(transactions));
}
