import type { Migration } from './migration.js';

export const retentionIndexes: Migration = {
  name: '0009-retention',
  statements: ['CREATE INDEX order_requests_by_age ON order_requests (created_at)'],
};
