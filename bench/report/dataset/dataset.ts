/** Order lines of each order. Each line has another product. */
export const LINES_AN_ORDER = 4;
export const CATEGORIES = 20;

const DAY_MS = 24 * 3_600_000;

/** The number of rows of each kind, and the time in which the orders were placed. */
export interface Dataset {
  readonly lines: number;
  readonly orders: number;
  readonly products: number;
  readonly users: number;
  readonly from: Date;
  readonly until: Date;
}

/**
 * Describes a shop with `lines` order lines. Its orders are spread evenly over the last two weeks and the
 * next hour, so that the shortest window of popular items has sales as long as the report runs.
 */
export function datasetOf(lines: number, now = new Date()): Dataset {
  const orders = Math.ceil(lines / LINES_AN_ORDER);
  const products = Math.min(Math.max(Math.ceil(lines / 40) * LINES_AN_ORDER, 200), 100_000);
  return {
    lines: orders * LINES_AN_ORDER,
    orders,
    products,
    users: Math.max(Math.ceil(orders / 50), 4),
    from: new Date(now.getTime() - 14 * DAY_MS),
    until: new Date(now.getTime() + DAY_MS / 24),
  };
}

type Kind = 'product' | 'order' | 'payment' | 'entry';

const TAILS: Readonly<Record<Kind, string>> = {
  product: '-0000-7000-8001-000000000000',
  order: '-0000-7000-8002-000000000000',
  payment: '-0000-7000-8003-000000000000',
  entry: '-0000-7000-8004-000000000000',
};

/** Makes an id that sorts by `number`, as the ids of the service sort by time. */
export function idOf(kind: Kind, number: number): string {
  return number.toString(16).padStart(8, '0') + TAILS[kind];
}

/** The same id as an SQL expression, whose number is an SQL expression too. */
export function sqlIdOf(kind: Kind, number: string): string {
  return `CONCAT(LPAD(LOWER(HEX(${number})), 8, '0'), '${TAILS[kind]}')`;
}

export function userOf(number: number): string {
  return `user-${number}`;
}

export function categoryOf(number: number): string {
  return `category-${number % CATEGORIES}`;
}
