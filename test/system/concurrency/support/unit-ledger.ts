import { QueryTypes, Transaction } from 'sequelize';
import type { Env } from '../../../support/backends.js';
import { openDatabase } from './open-database.js';

/** Where the units of all products are at one moment, read directly from the database. */
export interface UnitLedger {
  readonly available: number;
  readonly held: number;
  /** The number of changes of all stock rows. */
  readonly changes: number;
  /** Units in orders that wait for payment or are paid. */
  readonly sold: number;
  readonly orders: Readonly<Record<string, number>>;
  readonly reservations: Readonly<Record<string, number>>;
}

interface Count {
  readonly status: string;
  readonly count: number;
}

export async function readLedger(env: Env): Promise<UnitLedger> {
  await using database = openDatabase(env);
  const { sequelize } = database;
  // One snapshot for all reads, because the instances work meanwhile.
  const isolationLevel = Transaction.ISOLATION_LEVELS.REPEATABLE_READ;
  return await sequelize.transaction({ isolationLevel }, async (transaction) => {
    const select = <T extends object>(sql: string) =>
      sequelize.query<T>(sql, { type: QueryTypes.SELECT, transaction });
    const byStatus = async (table: string) => {
      const rows = await select<Count>(
        `SELECT status, COUNT(*) AS count FROM ${table} GROUP BY status`,
      );
      return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
    };
    const [stock] = await select<Record<string, string>>(
      'SELECT SUM(available) AS available, SUM(held) AS held, SUM(version) AS changes FROM stocks',
    );
    const [sold] = await select<Record<string, string>>(
      `SELECT COALESCE(SUM(quantity), 0) AS sold FROM order_items JOIN orders ON order_id = id
       WHERE status IN ('PENDING_PAYMENT', 'PAID')`,
    );
    return {
      available: Number(stock?.['available']),
      held: Number(stock?.['held']),
      changes: Number(stock?.['changes']),
      sold: Number(sold?.['sold']),
      orders: await byStatus('orders'),
      reservations: await byStatus('reservations'),
    };
  });
}
