import { randomUUID } from 'node:crypto';
import { pool, type Transaction } from './guarded.js';

/** Rows that one statement removes from the outbox. After fewer rows the relay pauses for RELAY_MS. */
const RELAYED = 500;
const RELAY_MS = 50;

/** Adds the events of a transaction by one statement. */
export function addEvents(tx: Transaction, events: readonly object[]): Promise<void> {
  const occurredAt = new Date().toISOString();
  const rows = events.map((event) => JSON.stringify({ id: randomUUID(), occurredAt, ...event }));
  const values = rows.flatMap((content) => ['events', content]);
  const marks = rows.map(() => '(?, ?)').join(', ');
  return tx.change(`INSERT INTO outbox (channel, content) VALUES ${marks}`, values, rows.length);
}

/** Removes rows from the outbox without end, as the outbox relay does after it has published them. */
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
