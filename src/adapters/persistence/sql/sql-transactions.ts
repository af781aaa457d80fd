import type { Transaction as SequelizeTransaction } from 'sequelize';
import { type OpenTransaction, TransactionPort } from '../../../domain/ports/transaction-port.js';
import { SqlCardPaymentRepository } from './aggregates/card-payments.js';
import { SqlIdempotencyRecordRepository } from './aggregates/idempotency.js';
import { SqlLikeRepository } from './aggregates/likes.js';
import { SqlOrderRequestRepository } from './aggregates/order-requests.js';
import { SqlOrderRepository } from './aggregates/orders.js';
import { SqlOutboxRepository } from './aggregates/outbox.js';
import { SqlPaymentRepository } from './aggregates/payments.js';
import { SqlProductRepository } from './aggregates/products.js';
import { SqlReservationRepository } from './aggregates/reservations.js';
import { SqlStockRepository } from './aggregates/stocks.js';
import { SqlSweeperLeaseRepository } from './aggregates/sweeper-leases.js';
import { SqlWalletRepository } from './aggregates/wallets.js';
import type { SqlDatabase } from './connections/sql-database.js';
import { assertWritable } from './migrations/migrate.js';
import { lockRows } from './row-locks.js';

/** Transactions, each on its own connection of the pool. */
export class SqlTransactions extends TransactionPort {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  override async begin(rowKeys: readonly string[] = []): Promise<OpenTransaction> {
    const transaction = await this.database.sequelize.transaction();
    try {
      await lockRows(this.database.tables, rowKeys, transaction);
      return this.open(transaction);
    } catch (error) {
      await rollBack(transaction);
      throw error;
    }
  }

  /** @throws DependencyUnavailableError, or any other error that a write would get */
  async assertWritable(): Promise<void> {
    const { sequelize } = this.database;
    const transaction = await sequelize.transaction();
    try {
      await assertWritable(sequelize, transaction);
    } finally {
      // When the rollback fails, the connection has ended, and the database undoes the transaction.
      await rollBack(transaction).catch(() => {});
    }
  }

  private open(transaction: SequelizeTransaction): OpenTransaction {
    const { tables } = this.database;
    return {
      products: new SqlProductRepository(tables.products, transaction),
      likes: new SqlLikeRepository(tables, transaction),
      stocks: new SqlStockRepository(tables.stocks, transaction),
      wallets: new SqlWalletRepository(tables.wallets, tables.walletEntries, transaction),
      orders: new SqlOrderRepository(tables, transaction),
      orderRequests: new SqlOrderRequestRepository(tables.orderRequests, transaction),
      outbox: new SqlOutboxRepository(tables, transaction),
      payments: new SqlPaymentRepository(tables.payments, transaction),
      cardPayments: new SqlCardPaymentRepository(tables.cardPayments, transaction),
      reservations: new SqlReservationRepository(tables.reservations, transaction),
      sweeperLeases: new SqlSweeperLeaseRepository(tables.sweeperLeases, transaction),
      idempotencyRecords: new SqlIdempotencyRecordRepository(
        tables.idempotencyRecords,
        transaction,
      ),
      commit: () => transaction.commit(),
      rollback: () => rollBack(transaction),
    };
  }
}

/** A failed commit has ended its transaction, so nothing is left to roll back. */
async function rollBack(transaction: SequelizeTransaction): Promise<void> {
  if ('finished' in transaction && transaction.finished) return;
  await transaction.rollback();
}
