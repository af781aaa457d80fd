import type { Connection } from 'mysql2/promise';

/** Rows in one INSERT statement. */
const BATCH = 5_000;

/** Inserts rows into a table, which is named with its columns: `wallets (user_id, balance)`. */
export async function insertRows(
  connection: Connection,
  into: string,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  for (let first = 0; first < rows.length; first += BATCH) {
    await connection.query(`INSERT INTO ${into} VALUES ?`, [rows.slice(first, first + BATCH)]);
  }
}

type Kind = 'product' | 'order' | 'payment';

const TAILS: Readonly<Record<Kind, string>> = {
  product: '-0000-7000-8001-000000000000',
  order: '-0000-7000-8002-000000000000',
  payment: '-0000-7000-8003-000000000000',
};

/** Makes `count` ids in ascending order, like the ids of the service. */
export function idsOf(kind: Kind, count: number): string[] {
  return Array.from({ length: count }, (_, i) => i.toString(16).padStart(8, '0') + TAILS[kind]);
}
