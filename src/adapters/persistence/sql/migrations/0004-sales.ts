import type { Migration } from './migration.js';

/**
 * Payments that the rankings do not contain yet. They are written in the transaction of the
 * payment.
 */
const untoldSales = `
CREATE TABLE untold_sales (
  payment_id CHAR(36) NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
)`;

const rankings = `
CREATE TABLE rankings (
  time_window VARCHAR(8) NOT NULL PRIMARY KEY,
  computed_at DATETIME(3) NOT NULL,
  sold MEDIUMTEXT NOT NULL
)`;

export const salesTables: Migration = {
  name: '0004-sales',
  statements: [
    untoldSales,
    rankings,
    // The index holds all columns of a payment that a ranking reads.
    'CREATE INDEX payments_by_time ON payments (created_at, status, order_id)',
  ],
};
