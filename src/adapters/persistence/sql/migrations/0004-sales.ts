import type { Migration } from './migration.js';

/** Payments that are not yet in the rankings; written in the transaction of the payment. */
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
    // Holds all that a window's answer needs of a payment.
    'CREATE INDEX payments_by_time ON payments (created_at, status, order_id)',
  ],
};
