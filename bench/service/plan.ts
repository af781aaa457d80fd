/** One load, and the contestants that are put under it. */
export interface Scenario {
  readonly id: string;
  readonly what: 'order' | 'read' | 'stock' | 'charge';
  readonly products: number;
  readonly atOnce: number;
  /** 1 unless it is set. */
  readonly instances?: number;
  /** Ids of contestants; all of them unless it is set. */
  readonly among?: readonly string[];
}

export interface Plan {
  readonly rounds: number;
  readonly ms: number;
  readonly warmUpMs: number;
  readonly scenarios: readonly Scenario[];
}

export const OWN = 'Lockstep';
export const HAND_WRITTEN = 'hand-written';
export const EXPRESS = 'bare Express';
export const NODE = 'Node http';
/** Not a contestant: it has no HTTP. */
export const BATCH_FLOOR = 'batched mysql2, no HTTP';
const BOTH = [OWN, HAND_WRITTEN];

const order = (
  products: number,
  atOnce: number,
  among: readonly string[] = BOTH,
  instances?: number,
): Scenario => ({
  id: `orders, ${products === 1 ? '1 product' : `${products} products`}, ${atOnce} at once${instances ? `, ${instances} instances` : ''}`,
  what: 'order',
  products,
  atOnce,
  among,
  ...(instances && { instances }),
});

export const ONE_ALONE = order(1, 1, [...BOTH, 'optimistic', 'redlock', EXPRESS]);
const ONE_20 = order(1, 20, [...BOTH, 'optimistic', 'redlock']);
export const ONE_200 = order(1, 200, [...BOTH, 'optimistic', 'redlock', EXPRESS]);
export const ONE_1000 = order(1, 1_000);
export const HUNDRED_20 = order(100, 20, [...BOTH, 'optimistic', 'redlock']);
export const HUNDRED_200 = order(100, 200);
export const THOUSAND_20 = order(1_000, 20);
export const THOUSAND_200 = order(1_000, 200);
export const TWO_INSTANCES = order(1, 200, BOTH, 2);
export const READ_50: Scenario = {
  id: 'cached reads of a product, 50 at once',
  what: 'read',
  products: 100,
  atOnce: 50,
  among: [...BOTH, EXPRESS, NODE],
};
export const STOCK_50: Scenario = {
  id: 'reads of a stock, 50 at once',
  what: 'stock',
  products: 100,
  atOnce: 50,
  among: BOTH,
};
export const CHARGE_20: Scenario = {
  id: 'charges of 1,000 wallets, 20 at once',
  what: 'charge',
  products: 1,
  atOnce: 20,
  among: BOTH,
};

export const FULL_PLAN: Plan = {
  rounds: 5,
  ms: 1_500,
  warmUpMs: 1_000,
  scenarios: [
    ONE_ALONE,
    ONE_20,
    ONE_200,
    ONE_1000,
    HUNDRED_20,
    HUNDRED_200,
    THOUSAND_20,
    THOUSAND_200,
    TWO_INSTANCES,
    READ_50,
    STOCK_50,
    CHARGE_20,
  ],
};

export const QUICK_PLAN: Plan = {
  rounds: 1,
  ms: 1_500,
  warmUpMs: 1_000,
  scenarios: [ONE_ALONE, ONE_200, HUNDRED_20, READ_50, STOCK_50, CHARGE_20],
};
