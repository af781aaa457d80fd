import type { Migration } from './migration.js';

/*
 * Each open row has a slot of its owner, and a row that has ended has none. The unique index limits
 * how much a customer has open, and it contains everything that a count needs. Rows that were open
 * before this migration have no slot: they are not counted, and they end in their usual time.
 */
const withSlots = (table: string): string[] => [
  `ALTER TABLE ${table} ADD COLUMN quota_slot INTEGER`,
  `CREATE UNIQUE INDEX ${table}_quota_slot ON ${table} (user_id, quota_slot)`,
];

export const quotaSlots: Migration = {
  name: '0011-quotas',
  statements: ['orders', 'reservations', 'order_requests'].flatMap(withSlots),
};
