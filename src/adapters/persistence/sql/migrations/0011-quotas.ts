import type { Migration } from './migration.js';

/*
 * What is open has a slot of its owner, and what has ended has none. The unique index is what
 * bounds how much a customer has open, and it holds all that a count needs. What was open before
 * has no slot: it ends within its time, and is not counted until then.
 */
const withSlots = (table: string): string[] => [
  `ALTER TABLE ${table} ADD COLUMN quota_slot INTEGER`,
  `CREATE UNIQUE INDEX ${table}_quota_slot ON ${table} (user_id, quota_slot)`,
];

export const quotaSlots: Migration = {
  name: '0011-quotas',
  statements: ['orders', 'reservations', 'order_requests'].flatMap(withSlots),
};
