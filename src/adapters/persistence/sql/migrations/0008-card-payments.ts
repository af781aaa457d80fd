import type { Migration } from './migration.js';

/**
 * An order has at most one live card payment, and exactly the unsettled card payments have a due
 * time.
 */
const cardPayments = `
CREATE TABLE card_payments (
  id CHAR(36) NOT NULL PRIMARY KEY,
  order_id CHAR(36) NOT NULL,
  user_id VARCHAR(128) NOT NULL,
  amount BIGINT NOT NULL,
  status VARCHAR(16) NOT NULL,
  refusal VARCHAR(32),
  paid_at DATETIME(3),
  paid_version BIGINT,
  live_order_id CHAR(36),
  busy_until DATETIME(3) NOT NULL,
  due_at DATETIME(3),
  failures INTEGER NOT NULL,
  created_at DATETIME(3) NOT NULL,
  version BIGINT NOT NULL,
  CONSTRAINT card_payments_one_live_an_order UNIQUE (live_order_id),
  CONSTRAINT card_payments_status_known CHECK (status IN ('STARTED', 'CONFIRMED', 'CAPTURED',
    'DECLINED', 'VOIDING', 'VOIDED', 'REFUNDING', 'REFUNDED')),
  CONSTRAINT card_payments_live CHECK (
    (status IN ('DECLINED', 'VOIDED', 'REFUNDED')) = (live_order_id IS NULL)),
  CONSTRAINT card_payments_due_until_settled CHECK (
    (status IN ('CAPTURED', 'DECLINED', 'VOIDED', 'REFUNDED')) = (due_at IS NULL)),
  CONSTRAINT card_payments_taken_for_paid CHECK (
    paid_at IS NOT NULL OR status NOT IN ('CONFIRMED', 'CAPTURED')),
  CONSTRAINT card_payments_amount_not_negative CHECK (amount >= 0),
  CONSTRAINT card_payments_of_order FOREIGN KEY (order_id) REFERENCES orders (id)
)`;

export const cardPaymentTable: Migration = {
  name: '0008-card-payments',
  statements: [cardPayments, 'CREATE INDEX card_payments_by_due ON card_payments (due_at, id)'],
};
