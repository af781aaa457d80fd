import { CATEGORIES, type Dataset, LINES_AN_ORDER, sqlIdOf } from './dataset.js';

/** A table of the numbers from 0, from which all rows are made. It is dropped after the load. */
export const NUMBERS = 'report_numbers';

/** Fills one table with a row for each number `n` below `rows`. */
export interface Filling {
  readonly table: string;
  readonly rows: number;
  /** INSERT … SELECT without WHERE. The loader adds the range of `n`, and replaces `:from` and `:stepUs`. */
  readonly statement: string;
}

const PRICE = 100;
const CREATED = 'DATE_ADD(:from, INTERVAL n * :stepUs MICROSECOND)';
const QUANTITY = `1 + (n + line) % 3`;
/** The total of an order: the sum of the quantities of its four lines, times the price. */
const TOTAL = `${PRICE} * (7 + n % 3)`;
const LINES = Array.from({ length: LINES_AN_ORDER }, (_, line) => `SELECT ${line} AS line`);

/** All fillings, in a sequence in which a row refers only to rows that were inserted before. */
export function fillings({ products, users, orders }: Dataset): Filling[] {
  const user = `CONCAT('user-', n % ${users})`;
  const filling = (table: string, rows: number, columns: string, from = NUMBERS): Filling => ({
    ...{ table, rows },
    statement: `INSERT INTO ${table} SELECT ${columns} FROM ${from}`,
  });
  const product = sqlIdOf('product', 'n');
  const order = sqlIdOf('order', 'n');
  const charges = (n: string) => `FLOOR((${n}) / ${users}) + 1`;
  return [
    filling(
      'products (id, sku, name, price, category, likes, version, updated_at)',
      products,
      `${product}, CONCAT('SKU-', n), CONCAT('Product ', n), ${PRICE},
       CONCAT('category-', n % ${CATEGORIES}), 0, 1, :from`,
    ),
    filling('stocks (product_id, available, held, version)', products, `${product}, 1000000, 0, 1`),
    filling(
      'wallets (user_id, balance, version)',
      users,
      `${user}, ${PRICE} * (${charges(`${orders - 1} - n`)}), ${charges(`${orders - 1} - n`)}`,
    ),
    filling(
      'orders (id, user_id, status, total, expires_at, created_at, version)',
      orders,
      `${order}, ${user}, 'PAID', ${TOTAL}, ${CREATED}, ${CREATED}, 2`,
    ),
    filling(
      'order_items (order_id, product_id, quantity, unit_price)',
      orders,
      `${order}, ${sqlIdOf('product', popular(products))}, ${QUANTITY}, ${PRICE}`,
      `${NUMBERS} CROSS JOIN (${LINES.join(' UNION ALL ')}) order_line`,
    ),
    filling(
      'wallet_entries (id, user_id, kind, amount, balance, order_id, wallet_version, created_at)',
      orders,
      `${sqlIdOf('entry', 'n')}, ${user}, 'CHARGE', ${PRICE},
       ${PRICE} * (${charges('n')}), NULL, ${charges('n')}, ${CREATED}`,
    ),
    filling(
      'payments (id, order_id, user_id, method, amount, status, created_at, version)',
      orders,
      `${sqlIdOf('payment', 'n')}, ${order}, ${user}, 'points', ${TOTAL}, 'CAPTURED', ${CREATED}, 1`,
    ),
  ];
}

/**
 * An SQL expression for a product number. Low numbers are more frequent. Each line of an order draws from
 * another residue class, so that no order has a product twice.
 */
function popular(products: number): string {
  const drawn = `POW(CRC32(CONCAT(n, 'x', line)) / 4294967296, 3)`;
  const share = products / LINES_AN_ORDER;
  return `${LINES_AN_ORDER} * FLOOR(${share} * ${drawn}) + line`;
}
