import { UsageError } from '../../src/commands/command-line.js';

/** The action of a request. */
export type Action =
  | 'order'
  | 'orderWithKey'
  | 'queuedOrder'
  | 'read'
  | 'stock'
  | 'charge'
  | 'payment'
  | 'cancellation';

/** A load, and the contestants that it is put on. */
export interface Scenario {
  readonly id: string;
  readonly what: Action;
  readonly products: number;
  /** The number of connections. */
  readonly atOnce: number;
  /**
   * Requests a second, each sent at its own fixed time. Without it each connection sends its next
   * request when the one before was answered.
   */
  readonly rate?: number;
  /** The number of instances; 1 by default. */
  readonly instances?: number;
  /** Length of the load before the measured one, in milliseconds; by default that of the plan. */
  readonly warmUpMs?: number;
  /** Orders that exist before the first request. The run ends when it has used all of them. */
  readonly placed?: PlacedOrders;
  /** Ids of contestants. */
  readonly among: readonly string[];
}

export interface PlacedOrders {
  readonly status: 'unpaid' | 'paid';
  readonly count: number;
}

/** The plan for the reads of a small and of a large shop. */
export interface GrowthPlan {
  /** Products of each shop, in ascending sequence. */
  readonly sizes: readonly number[];
  readonly ms: number;
}

export interface Plan {
  readonly rounds: number;
  readonly ms: number;
  readonly warmUpMs: number;
  readonly scenarios: readonly Scenario[];
  readonly growth?: GrowthPlan | undefined;
}

export const OWN = 'Lockstep';
export const UNBATCHED = 'one order a lease';
export const QUEUE_KAFKA = 'Lockstep, Kafka';
export const HAND_WRITTEN = 'hand-written';
export const SAME_GUARANTEES = 'same guarantees by hand';
export const EXPRESS = 'bare Express';
export const NODE = 'Node http';
export const NODE_SAME = 'Node http, same answer';
/** Not a contestant: it has no HTTP. */
export const BATCH_FLOOR = 'batched mysql2, no HTTP';
export const OPTIMISTIC = 'optimistic';
export const REDLOCK = 'redlock';
const BOTH = [OWN, HAND_WRITTEN];
const BOTH_AND_FLOOR = [...BOTH, SAME_GUARANTEES];

const order = (
  products: number,
  atOnce: number,
  among: readonly string[] = BOTH,
  instances?: number,
): Scenario => ({
  id: `orders, ${countOf(products)}, ${atOnce.toLocaleString('en-US')} at once${instances ? `, ${instances} instances` : ''}`,
  what: 'order',
  products,
  atOnce,
  among,
  ...(instances && { instances }),
  // A service runs for weeks, and Node still compiles a program under full load after several seconds.
  ...(atOnce >= 200 && products === 1 && { warmUpMs: 8_000 }),
});

function countOf(products: number): string {
  return products === 1 ? '1 product' : `${products.toLocaleString('en-US')} products`;
}

export const ONE_ALONE = order(1, 1, [...BOTH_AND_FLOOR, OPTIMISTIC, REDLOCK, EXPRESS]);
export const ONE_ALONE_KEY: Scenario = {
  ...order(1, 1, [OWN, SAME_GUARANTEES]),
  id: 'orders with an idempotency key, 1 product, 1 at once',
  what: 'orderWithKey',
};
const ONE_20 = order(1, 20, [...BOTH, OPTIMISTIC, REDLOCK]);
export const ONE_200 = order(1, 200, [...BOTH, UNBATCHED, OPTIMISTIC, REDLOCK, EXPRESS]);
export const ONE_1000 = order(1, 1_000);
export const HUNDRED_20 = order(100, 20, BOTH_AND_FLOOR);
export const HUNDRED_200 = order(100, 200);
export const THOUSAND_20 = order(1_000, 20, [...BOTH_AND_FLOOR, OPTIMISTIC, REDLOCK]);
export const THOUSAND_200 = order(1_000, 200);
export const TWO_INSTANCES = order(1, 200, BOTH, 2);
const FOUR_INSTANCES = order(1, 200, [OWN], 4);
export const READ_50: Scenario = {
  id: 'cached reads of a product, 50 at once',
  what: 'read',
  products: 100,
  atOnce: 50,
  among: [...BOTH, EXPRESS, NODE, NODE_SAME],
};
export const STOCK_50: Scenario = {
  id: 'reads of a stock, 50 at once',
  what: 'stock',
  products: 100,
  atOnce: 50,
  among: BOTH_AND_FLOOR,
};
export const CHARGE_20: Scenario = {
  id: 'charges of 1,000 wallets, 20 at once',
  what: 'charge',
  products: 1,
  atOnce: 20,
  among: BOTH_AND_FLOOR,
};
/** More orders than a contestant pays or cancels in one run. */
const PLACED = 20_000;
export const PAYMENT_20: Scenario = {
  id: 'payments by points, 20 at once',
  what: 'payment',
  placed: { status: 'unpaid', count: PLACED },
  products: 100,
  atOnce: 20,
  among: BOTH_AND_FLOOR,
};
export const CANCELLATION_20: Scenario = {
  id: 'cancellations of paid orders, 20 at once',
  what: 'cancellation',
  placed: { status: 'paid', count: PLACED },
  products: 100,
  atOnce: 20,
  among: BOTH_AND_FLOOR,
};
const QUEUE_200: Scenario = {
  id: 'orders through the queue, 1 product, 200 at once',
  what: 'queuedOrder',
  products: 1,
  atOnce: 200,
  among: [OWN, QUEUE_KAFKA],
};

/** The rate is below the maximum of the hand-written peer. There are enough connections that none delays a request. */
const atRate = (scenario: Scenario, what: string, rate: number): Scenario => ({
  ...scenario,
  id: `${what}, ${rate.toLocaleString('en-US')} a second`,
  atOnce: 200,
  rate,
  among: BOTH,
});

const ONE_AT_RATE = atRate(ONE_200, 'orders, 1 product', 250);
const HUNDRED_AT_RATE = atRate(HUNDRED_200, 'orders, 100 products', 400);
const STOCK_AT_RATE = atRate(STOCK_50, 'reads of a stock', 1_000);

export const FULL_PLAN: Plan = {
  rounds: 5,
  ms: 1_500,
  warmUpMs: 3_000,
  scenarios: [
    ONE_ALONE,
    ONE_ALONE_KEY,
    ONE_20,
    ONE_200,
    ONE_1000,
    HUNDRED_20,
    HUNDRED_200,
    THOUSAND_20,
    THOUSAND_200,
    TWO_INSTANCES,
    FOUR_INSTANCES,
    READ_50,
    STOCK_50,
    CHARGE_20,
    PAYMENT_20,
    CANCELLATION_20,
    ONE_AT_RATE,
    HUNDRED_AT_RATE,
    STOCK_AT_RATE,
    QUEUE_200,
  ],
  growth: { sizes: [1_000, 1_000_000], ms: 500 },
};

export const QUICK_PLAN: Plan = {
  rounds: 1,
  ms: 1_000,
  warmUpMs: 800,
  scenarios: FULL_PLAN.scenarios.filter((each) => each !== QUEUE_200),
  growth: { sizes: [1_000, 100_000], ms: 400 },
};

/** The name of the reads of a small and a large shop, for `--only`. */
const GROWTH = 'growth';

/**
 * The scenarios whose names contain `text`; `growth` for the reads of a small and a large shop.
 *
 * @throws UsageError no name contains it; the message lists all names
 */
export function planFor(plan: Plan, text: string): Plan {
  const scenarios = plan.scenarios.filter(({ id }) => id.includes(text));
  const growth = GROWTH.includes(text) ? plan.growth : undefined;
  if (scenarios.length === 0 && !growth) {
    const names = [...plan.scenarios.map(({ id }) => id), ...(plan.growth ? [GROWTH] : [])];
    throw new UsageError(
      `no scenario has "${text}" in its name; there are:\n  ${names.join('\n  ')}`,
    );
  }
  return { ...plan, scenarios, growth };
}
