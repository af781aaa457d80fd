import type { Migration } from './migration.js';

/**
 * A reservation becomes at most one order, and exactly the confirmed reservations have an order.
 */
const reservations = `
CREATE TABLE reservations (
  id CHAR(36) NOT NULL PRIMARY KEY,
  user_id VARCHAR(128) NOT NULL,
  product_id CHAR(36) NOT NULL,
  quantity INTEGER NOT NULL,
  unit_price BIGINT NOT NULL,
  status VARCHAR(16) NOT NULL,
  order_id CHAR(36),
  expires_at DATETIME(3) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT reservations_once_an_order UNIQUE (order_id),
  CONSTRAINT reservations_status_known
    CHECK (status IN ('HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED')),
  CONSTRAINT reservations_confirmed_by_order
    CHECK ((status = 'CONFIRMED') = (order_id IS NOT NULL)),
  CONSTRAINT reservations_quantity_positive CHECK (quantity > 0),
  CONSTRAINT reservations_price_not_negative CHECK (unit_price >= 0),
  CONSTRAINT reservations_of_product FOREIGN KEY (product_id) REFERENCES products (id),
  CONSTRAINT reservations_of_order FOREIGN KEY (order_id) REFERENCES orders (id)
)`;

const duties = `
CREATE TABLE duties (
  name VARCHAR(32) NOT NULL PRIMARY KEY,
  holder CHAR(36) NOT NULL,
  held_until DATETIME(3) NOT NULL,
  version BIGINT NOT NULL
)`;

export const reservationTables: Migration = {
  name: '0005-reservations',
  statements: [
    reservations,
    'CREATE INDEX reservations_by_expiry ON reservations (status, expires_at, id)',
    'CREATE INDEX orders_by_expiry ON orders (status, expires_at, id)',
    duties,
  ],
};
