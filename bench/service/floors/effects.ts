import { createHash, randomUUID } from 'node:crypto';
import { guarded, pool, type Transaction } from './guarded.js';

const PAYMENT_WINDOW_MS = 15 * 60_000;
const KEY_LIFETIME_MS = 86_400_000;
/** Rows of the outbox that are removed by one statement, and between two looks at it. */
const RELAYED = 500;
const RELAY_MS = 50;

interface Key {
  readonly user: string;
  readonly key: string;
  readonly body: string;
}

/** Takes the units from stock and stores the order; its events and its idempotency record commit with it. */
export function placeOrder(
  user: string,
  { productId, quantity }: { readonly productId: string; readonly quantity: number },
  key: Key | undefined,
) {
  return guarded(`stock:${productId}`, async (tx) => {
    const [offer] = await tx.read(
      `SELECT s.available, s.held, s.version, p.price FROM stocks s JOIN products p ON p.id = s.product_id
WHERE s.product_id = ?`,
      [productId],
    );
    if (!offer || offer['available'] < quantity) return undefined;
    const { available, held, version, price } = offer;
    await tx.change(
      'UPDATE stocks SET available = ?, held = ?, version = ? WHERE product_id = ? AND version = ?',
      [available - quantity, held, version + 1, productId, version],
    );
    const now = new Date();
    const order = {
      id: randomUUID(),
      userId: user,
      status: 'PENDING_PAYMENT',
      items: [{ productId, quantity, unitPrice: price }],
      total: price * quantity,
      expiresAt: new Date(now.getTime() + PAYMENT_WINDOW_MS),
      createdAt: now,
      version: 1,
    };
    await tx.change(
      `INSERT INTO orders (id, user_id, status, total, expires_at, created_at, version, quota_slot)
VALUES (?, ?, ?, ?, ?, ?, ?, NULL)`,
      [order.id, user, order.status, order.total, order.expiresAt, now, 1],
    );
    await tx.change(
      'INSERT INTO order_items (order_id, product_id, quantity, unit_price) VALUES (?, ?, ?, ?)',
      [order.id, productId, quantity, price],
    );
    const stock = { productId, version: version + 1, available: available - quantity, held };
    await addEvents(tx, [
      { type: 'stock.changed', key: productId, data: stock },
      { type: 'order.placed', key: order.id, data: order },
    ]);
    if (key) await addRecord(tx, key, order);
    return order;
  });
}

/** Adds points to the wallet and its ledger. */
export function charge(user: string, amount: number) {
  return guarded(`wallet:${user}`, async (tx) => {
    const [wallet] = await tx.read('SELECT balance, version FROM wallets WHERE user_id = ?', [
      user,
    ]);
    const balance = Number(wallet?.['balance']) + amount;
    const version = Number(wallet?.['version']) + 1;
    await tx.change(
      'UPDATE wallets SET balance = ?, version = ? WHERE user_id = ? AND version = ?',
      [balance, version, user, version - 1],
    );
    const entry = { id: randomUUID(), userId: user, kind: 'CHARGE', amount, balance };
    const createdAt = new Date();
    await tx.change(
      `INSERT INTO wallet_entries (id, user_id, kind, amount, balance, order_id, wallet_version, created_at)
VALUES (?, ?, ?, ?, ?, NULL, ?, ?)`,
      [entry.id, user, entry.kind, amount, balance, version, createdAt],
    );
    return {
      wallet: { userId: user, balance, version },
      entry: { ...entry, orderId: null, walletVersion: version, createdAt },
    };
  });
}

export async function readStock(productId: string) {
  const [rows] = await pool.execute(
    'SELECT product_id AS productId, available, held, version FROM stocks WHERE product_id IN (?)',
    [productId],
  );
  return (rows as object[])[0];
}

/** Removes from the outbox what is there, as a relay does that has published it. */
export async function relayOutbox(): Promise<never> {
  for (;;) {
    const [rows] = await pool.query('SELECT sequence FROM outbox ORDER BY sequence LIMIT ?', [
      RELAYED,
    ]);
    const sequences = (rows as { sequence: number }[]).map(({ sequence }) => sequence);
    if (sequences.length > 0)
      await pool.query('DELETE FROM outbox WHERE sequence IN (?)', [sequences]);
    if (sequences.length === RELAYED) continue;
    await new Promise((resolve) => setTimeout(resolve, RELAY_MS));
  }
}

function addEvents(tx: Transaction, events: readonly object[]): Promise<void> {
  const occurredAt = new Date().toISOString();
  const rows = events.map((event) => JSON.stringify({ id: randomUUID(), occurredAt, ...event }));
  const values = rows.flatMap((content) => ['events', content]);
  const marks = rows.map(() => '(?, ?)').join(', ');
  return tx.change(`INSERT INTO outbox (channel, content) VALUES ${marks}`, values, rows.length);
}

/** The first outcome of the key; a second request with it violates the primary key and rolls back. */
async function addRecord(
  tx: Transaction,
  { user, key, body }: Key,
  outcome: object,
): Promise<void> {
  await tx.change(
    'INSERT INTO answers (id, fingerprint, outcome, expires_at) VALUES (?, ?, ?, ?)',
    [
      digest([user, key]),
      digest(body),
      JSON.stringify(outcome),
      new Date(Date.now() + KEY_LIFETIME_MS),
    ],
  );
}

/** The recorded outcome of a request with this key; undefined: there was none. */
export async function recordedOutcome({ user, key, body }: Key): Promise<object | undefined> {
  const [rows] = await pool.execute(
    'SELECT fingerprint, outcome FROM answers WHERE id = ? AND expires_at > ?',
    [digest([user, key]), new Date()],
  );
  const [record] = rows as { fingerprint: string; outcome: string }[];
  if (record && record.fingerprint !== digest(body))
    throw new Error('the key was used for another body');
  return record && JSON.parse(record.outcome);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
