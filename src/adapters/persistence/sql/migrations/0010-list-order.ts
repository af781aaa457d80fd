import type { Migration } from './migration.js';

/*
 * Lists are sorted by a number that the database counts, because ids come from clocks that differ.
 *
 * A ledger is sorted by the version of its wallet, which each entry stores. Older entries are
 * numbered in the order of their ids, in which they were listed before. The last of them gets the
 * version of its wallet.
 */
const numbered = `
SELECT entry.id AS id, wallet.version + 1
  - ROW_NUMBER() OVER (PARTITION BY entry.user_id ORDER BY entry.id DESC) AS number
FROM wallet_entries entry JOIN wallets wallet ON wallet.user_id = entry.user_id`;

const numberEntries = {
  mysql: `UPDATE wallet_entries JOIN (${numbered}) numbered ON numbered.id = wallet_entries.id
    SET wallet_version = numbered.number`,
  sqlite: `UPDATE wallet_entries SET wallet_version = numbered.number
    FROM (${numbered}) numbered WHERE numbered.id = wallet_entries.id`,
};

/** SQLite numbers the rows of every table by itself, in the sequence of the inserts (`rowid`). */
const numberRows = (table: string) => ({
  mysql: `ALTER TABLE ${table} ADD COLUMN sequence BIGINT NOT NULL AUTO_INCREMENT,
    ADD CONSTRAINT ${table}_in_sequence UNIQUE (sequence)`,
});

const index = (name: string, table: string, column: string) => ({
  mysql: `CREATE INDEX ${name} ON ${table} (${column}, sequence)`,
  // An index of SQLite ends with the row number.
  sqlite: `CREATE INDEX ${name} ON ${table} (${column})`,
});

const dropIndex = (name: string, table: string) => ({
  mysql: `DROP INDEX ${name} ON ${table}`,
  sqlite: `DROP INDEX IF EXISTS ${name}`,
});

/**
 * A transaction that adds a row to one of these lists locks a row here first. So the numbers follow
 * the sequence of the commits.
 */
const sequences = `
CREATE TABLE sequences (
  name VARCHAR(32) NOT NULL PRIMARY KEY
)`;

export const listOrder: Migration = {
  name: '0010-list-order',
  isRepeatable: true,
  statements: [
    'ALTER TABLE wallet_entries ADD COLUMN wallet_version BIGINT NOT NULL DEFAULT 0',
    numberEntries,
    `CREATE UNIQUE INDEX wallet_entries_in_sequence ON wallet_entries (user_id, wallet_version)`,
    dropIndex('wallet_entries_of_user', 'wallet_entries'),
    numberRows('orders'),
    index('orders_of_user_in_sequence', 'orders', 'user_id'),
    dropIndex('orders_of_user', 'orders'),
    numberRows('products'),
    index('products_by_category_in_sequence', 'products', 'category'),
    dropIndex('products_by_category', 'products'),
    sequences,
    "REPLACE INTO sequences VALUES ('products')",
  ],
};
