import type { Model, ModelStatic, Transaction } from 'sequelize';
import type { Tables } from './tables.js';

/** The table whose row a lock key names, by the key's first word. */
const TABLE_OF: Readonly<Record<string, keyof Tables>> = {
  'sweeper-lease': 'sweeperLeases',
  order: 'orders',
  product: 'products',
  reservation: 'reservations',
  stock: 'stocks',
  wallet: 'wallets',
};

/**
 * `SELECT … FOR UPDATE` on the rows that the keys name, one after another in the keys' order, so
 * that everybody who does it takes them in one global order. SQLite needs none of it: its
 * transaction is the only writer.
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
