import { CATEGORIES, type Dataset, LINES_AN_ORDER, sqlIdOf } from './dataset.js';

/** Numbers from 0, to make rows of; there while the rows are made. */
export const NUMBERS = 'report_numbers';

/** Fills one table with a row for each number `n` below `rows`. */
export interface Filling {
  readonly table: string;
  readonly rows: number;
  /** Names no bounds; the loader adds them, and binds `:from` where it occurs. */
  readonly statement: string;
}

const PRICE = 100;
const CREATED = 'DATE_ADD(:from, INTERVAL n * :stepUs MICROSECOND)';
const QUANTITY = `1 + (n + line) % 3`;
/** Of the quantities of an order's four lines, times the price. */
const TOTAL = `${PRICE} * (7 + n % 3)`;
const LINES = Array.from({ length: LINES_AN_ORDER }, (_, line) => `SELECT ${line} AS line`);

/** In the order in which rows refer to each other. */
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

/** A product that is the more often drawn the lower its number; each line has its own residue. */
function popular(products: number): string {
  const drawn = `POW(CRC32(CONCAT(n, 'x', line)) / 4294967296, 3)`;
  const share = products / LINES_AN_ORDER;
  return `${LINES_AN_ORDER} * FLOOR(${share} * ${drawn}) + line`;
}
