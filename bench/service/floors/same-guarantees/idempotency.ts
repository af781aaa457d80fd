import { createHash } from 'node:crypto';
import { pool, type Transaction } from './guarded.js';

const LIFETIME_MS = 86_400_000;

/** An idempotency key and its request. */
export interface Key {
  readonly user: string;
  readonly key: string;
  readonly body: string;
}

/** Adds the first outcome of a key. A second request with the key violates the primary key and rolls back. */
export async function addRecord(
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
      new Date(Date.now() + LIFETIME_MS),
    ],
  );
}

/**
 * Reads the recorded outcome of a key; undefined: no request had it.
 *
 * @throws Error another body was recorded for the key
 */
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
