import type { Random } from '../support/random.js';

/** Values that any client could write to the topic, and that are not order requests. */
const VALUES = [
  'no JSON',
  '{"requestId":7}',
  '{}',
  '{"requestId":"01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c"}',
  '\0',
];

/**
 * Each value once, with the key of a product that the seed chooses, before the requests of that
 * product.
 */
export function poisonedMessages(
  products: readonly string[],
  random: Random,
): { readonly key: string; readonly value: string }[] {
  return VALUES.map((value) => ({ key: random.pick(products), value }));
}
