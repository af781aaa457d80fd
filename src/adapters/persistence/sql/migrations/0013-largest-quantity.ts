import type { Migration } from './migration.js';

/*
 * The sum of this column over the open orders of a customer is at least the number of units of any
 * one product in them. So most orders are admitted without a look at the items of the open ones.
 * Orders from before, and those of an older version that still runs, have no value.
 */
export const largestQuantity: Migration = {
  name: '0013-largest-quantity',
  isRepeatable: true,
  statements: ['ALTER TABLE orders ADD COLUMN largest_quantity INTEGER'],
};
