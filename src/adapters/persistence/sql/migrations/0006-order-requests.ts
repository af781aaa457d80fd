import type { Migration } from './migration.js';

const orderRequests = `
CREATE TABLE order_requests (
  id CHAR(36) NOT NULL PRIMARY KEY,
  user_id VARCHAR(128) NOT NULL,
  items MEDIUMTEXT NOT NULL,
  status VARCHAR(16) NOT NULL,
  order_id CHAR(36),
  code VARCHAR(64),
  created_at DATETIME(3) NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT order_requests_settled CHECK (
    (status = 'QUEUED' AND order_id IS NULL AND code IS NULL)
    OR (status = 'CONFIRMED' AND order_id IS NOT NULL AND code IS NULL)
    OR (status = 'REJECTED' AND order_id IS NULL AND code IS NOT NULL)
  ),
  CONSTRAINT order_requests_one_an_order UNIQUE (order_id)
)`;

/** Messages that are not in the queue yet. They are written together with the request. */
const orderOutbox = `
CREATE TABLE order_outbox (
  sequence BIGINT AUTO_INCREMENT PRIMARY KEY,
  message_key CHAR(36) NOT NULL,
  request_id CHAR(36) NOT NULL
)`;

const outboxRelays = `
CREATE TABLE outbox_relays (
  outbox VARCHAR(32) NOT NULL PRIMARY KEY,
  relay VARCHAR(64) NOT NULL,
  leased_until DATETIME(3) NOT NULL
)`;

export const orderRequestTables: Migration = {
  name: '0006-order-requests',
  statements: [
    orderRequests,
    orderOutbox,
    outboxRelays,
    "INSERT INTO outbox_relays VALUES ('orders', '', '1970-01-02 00:00:00.000')",
  ],
};
