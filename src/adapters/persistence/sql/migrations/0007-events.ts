import type { Migration } from './migration.js';

/** The outbox: order requests and events, written in the transaction of their cause. */
const outbox = `
CREATE TABLE outbox (
  sequence BIGINT AUTO_INCREMENT PRIMARY KEY,
  channel VARCHAR(16) NOT NULL,
  content MEDIUMTEXT NOT NULL
)`;

const moveOrderRequests = `
INSERT INTO outbox (channel, content)
SELECT 'orders', JSON_OBJECT('key', message_key, 'requestId', request_id)
FROM order_outbox ORDER BY sequence`;

export const eventTables: Migration = {
  name: '0007-events',
  statements: [
    outbox,
    'CREATE INDEX outbox_by_channel ON outbox (channel, sequence)',
    moveOrderRequests,
    'DROP TABLE order_outbox',
    "INSERT INTO outbox_relays VALUES ('events', '', '1970-01-02 00:00:00.000')",
    // Its data is in the orders too, and the rankings are built from the orders under a new name.
    'DROP TABLE untold_sales',
  ],
};
