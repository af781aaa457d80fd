import type { Migration } from './migration.js';

/*
 * The database keeps the data consistent even when a lock fails: each update compares the version,
 * counts cannot become negative, and a unique index stands for what may happen once.
 */
const products = `
CREATE TABLE products (
  id CHAR(36) NOT NULL PRIMARY KEY,
  sku VARCHAR(64) NOT NULL,
  name VARCHAR(200) NOT NULL,
  price BIGINT NOT NULL,
  category VARCHAR(64) NOT NULL,
  likes BIGINT NOT NULL,
  version BIGINT NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT products_sku_once UNIQUE (sku),
  CONSTRAINT products_price_not_negative CHECK (price >= 0),
  CONSTRAINT products_likes_not_negative CHECK (likes >= 0)
)`;

const stocks = `
CREATE TABLE stocks (
  product_id CHAR(36) NOT NULL PRIMARY KEY,
  available BIGINT NOT NULL,
  held BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT stocks_available_not_negative CHECK (available >= 0),
  CONSTRAINT stocks_held_not_negative CHECK (held >= 0),
  CONSTRAINT stocks_of_product FOREIGN KEY (product_id) REFERENCES products (id)
)`;

const wallets = `
CREATE TABLE wallets (
  user_id VARCHAR(128) NOT NULL PRIMARY KEY,
  balance BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT wallets_balance_not_negative CHECK (balance >= 0)
)`;

const orders = `
CREATE TABLE orders (
  id CHAR(36) NOT NULL PRIMARY KEY,
  user_id VARCHAR(128) NOT NULL,
  status VARCHAR(16) NOT NULL,
  total BIGINT NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT orders_status_known
    CHECK (status IN ('PENDING_PAYMENT', 'PAID', 'CANCELLED', 'EXPIRED')),
  CONSTRAINT orders_total_not_negative CHECK (total >= 0)
)`;

const orderItems = `
CREATE TABLE order_items (
  order_id CHAR(36) NOT NULL,
  product_id CHAR(36) NOT NULL,
  quantity INTEGER NOT NULL,
  unit_price BIGINT NOT NULL,
  PRIMARY KEY (order_id, product_id),
  CONSTRAINT order_items_quantity_positive CHECK (quantity > 0),
  CONSTRAINT order_items_price_not_negative CHECK (unit_price >= 0),
  CONSTRAINT order_items_of_order FOREIGN KEY (order_id) REFERENCES orders (id),
  CONSTRAINT order_items_of_product FOREIGN KEY (product_id) REFERENCES products (id)
)`;

const walletEntries = `
CREATE TABLE wallet_entries (
  id CHAR(36) NOT NULL PRIMARY KEY,
  user_id VARCHAR(128) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  amount BIGINT NOT NULL,
  balance BIGINT NOT NULL,
  order_id CHAR(36),
  created_at DATETIME(3) NOT NULL,
  CONSTRAINT wallet_entries_kind_known CHECK (kind IN ('CHARGE', 'PAYMENT', 'REFUND')),
  CONSTRAINT wallet_entries_balance_not_negative CHECK (balance >= 0),
  CONSTRAINT wallet_entries_once_an_order UNIQUE (order_id, kind),
  CONSTRAINT wallet_entries_of_wallet FOREIGN KEY (user_id) REFERENCES wallets (user_id)
)`;

const payments = `
CREATE TABLE payments (
  id CHAR(36) NOT NULL PRIMARY KEY,
  order_id CHAR(36) NOT NULL,
  user_id VARCHAR(128) NOT NULL,
  method VARCHAR(16) NOT NULL,
  amount BIGINT NOT NULL,
  status VARCHAR(16) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT payments_once_an_order UNIQUE (order_id),
  CONSTRAINT payments_amount_not_negative CHECK (amount >= 0),
  CONSTRAINT payments_status_known CHECK (status IN ('CAPTURED', 'REFUNDED')),
  CONSTRAINT payments_of_order FOREIGN KEY (order_id) REFERENCES orders (id)
)`;

const answers = `
CREATE TABLE answers (
  id CHAR(64) NOT NULL PRIMARY KEY,
  fingerprint CHAR(64) NOT NULL,
  outcome MEDIUMTEXT NOT NULL,
  expires_at DATETIME(3) NOT NULL
)`;

export const orderTables: Migration = {
  name: '0001-orders',
  statements: [
    products,
    'CREATE INDEX products_by_category ON products (category, id)',
    stocks,
    wallets,
    orders,
    'CREATE INDEX orders_of_user ON orders (user_id, id)',
    orderItems,
    walletEntries,
    'CREATE INDEX wallet_entries_of_user ON wallet_entries (user_id, id)',
    payments,
    answers,
    'CREATE INDEX answers_by_expiry ON answers (expires_at)',
  ],
};
