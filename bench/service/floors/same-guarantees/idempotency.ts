import { createHash } from 'node:crypto';
import { pool, type Transaction } from './guarded.js';

const LIFETIME_MS = 86_400_000;

/** An idempotency key with the request that it is for. */
export interface Key {
  readonly user: string;
  readonly key: string;
  readonly body: string;
}

/** The first outcome of the key; a second request with it violates the primary key and rolls back. */
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
