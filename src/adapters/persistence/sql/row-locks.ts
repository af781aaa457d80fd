import type { Model, ModelStatic, Transaction } from 'sequelize';
import type { Tables } from './tables.js';

/** The table of the row that a lock key names, by the first word of the key. */
const TABLE_OF: Readonly<Record<string, keyof Tables>> = {
  duty: 'sweeperLeases',
  order: 'orders',
  product: 'products',
  reservation: 'reservations',
  stock: 'stocks',
  wallet: 'wallets',
};

/**
 * Locks the rows that the keys name by `SELECT … FOR UPDATE`, one after another in the order of the
 * keys. So all transactions lock rows in one global sequence. SQLite does not need this, because
 * its transaction is the only writer.
 */
export async function lockRows(
  tables: Tables,
  keys: readonly string[],
  transaction: Transaction,
): Promise<void> {
  for (const key of keys) {
    const [, word = '', id = ''] = /^([^:]*):(.*)$/s.exec(key) ?? [];
    const table = TABLE_OF[word];
    if (!table) continue;
    const rows: ModelStatic<Model> = tables[table];
    await rows.findByPk(id, { transaction, lock: transaction.LOCK.UPDATE });
  }
}
