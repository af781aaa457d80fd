/** One load that every contestant is put under. */
export interface Scenario {
  readonly id: string;
  readonly what: 'order' | 'read';
  readonly products: number;
  readonly atOnce: number;
  /** 1 unless it is set. */
  readonly instances?: number;
}

export interface Plan {
  readonly rounds: number;
  readonly ms: number;
  readonly warmUpMs: number;
  readonly scenarios: readonly Scenario[];
}

const order = (products: number, atOnce: number, instances?: number): Scenario => ({
  id: `orders, ${products === 1 ? '1 product' : `${products} products`}, ${atOnce} at once${instances ? `, ${instances} instances` : ''}`,
  what: 'order',
  products,
  atOnce,
  ...(instances && { instances }),
});

export const ONE_ALONE = order(1, 1);
const ONE_20 = order(1, 20);
export const ONE_200 = order(1, 200);
export const ONE_1000 = order(1, 1_000);
export const HUNDRED_20 = order(100, 20);
export const HUNDRED_200 = order(100, 200);
export const THOUSAND_200 = order(1_000, 200);
export const TWO_INSTANCES = order(1, 200, 2);
export const READ_50: Scenario = {
  id: 'reads of a product, 50 at once',
  what: 'read',
  products: 100,
  atOnce: 50,
};

export const FULL_PLAN: Plan = {
  rounds: 5,
  ms: 3_000,
  warmUpMs: 1_500,
  scenarios: [
    ONE_ALONE,
    ONE_20,
    ONE_200,
    ONE_1000,
    HUNDRED_20,
    HUNDRED_200,
    THOUSAND_200,
    TWO_INSTANCES,
    READ_50,
  ],
};

export const QUICK_PLAN: Plan = {
  rounds: 1,
  ms: 1_500,
  warmUpMs: 1_000,
  scenarios: [ONE_ALONE, ONE_200, HUNDRED_20, READ_50],
};
