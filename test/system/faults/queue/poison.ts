import type { Random } from '../support/random.js';

/** What anybody may write to a topic, and is no order request. */
const VALUES = [
  'no JSON',
  '{"requestId":7}',
  '{}',
  '{"requestId":"01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c"}',
  '\0',
];

/** Each of them once, before the requests of a product that the seed chooses. */
export function poisonedMessages(
  products: readonly string[],
  random: Random,
): { readonly key: string; readonly value: string }[] {
  return VALUES.map((value) => ({ key: random.pick(products), value }));
}
