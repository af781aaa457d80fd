import { createHash } from 'node:crypto';
import type { IdempotencyKey } from '../../../../domain/idempotency/idempotency-records.js';

/** Primary key of an answer: SHA-256, in hexadecimal, of the caller and the caller's key. */
export function answerId({ scope, key }: IdempotencyKey): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, key]))
    .digest('hex');
}
