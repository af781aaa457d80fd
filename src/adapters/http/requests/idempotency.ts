import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Once } from '../../../domain/ports/unit-of-work.js';
import type { Caller } from '../auth/caller.js';
import { HttpProblem } from '../responses/problem.js';

/**
 * The request's `Idempotency-Key`, ready for the unit of work; undefined where there is none.
 * `asked` is what was understood, not what was sent: blanks, the order of fields or an id in
 * capitals make no other request.
 *
 * @throws HttpProblem `validation_failed` the key is empty or too long
 */
export function onceFor(
  req: Request,
  res: Response,
  caller: Caller,
  asked: readonly unknown[],
): Once | undefined {
  const key = req.get('idempotency-key');
  if (key === undefined) return undefined;
  if (key.length < 1 || key.length > 255) {
    throw new HttpProblem('validation_failed', 'The Idempotency-Key has 1 to 255 characters.', {
      errors: [{ path: 'Idempotency-Key', message: 'must have 1 to 255 characters' }],
    });
  }
  return {
    scope: caller.userId,
    key,
    fingerprint: createHash('sha256').update(JSON.stringify(asked)).digest('hex'),
    replayed: () => res.set('Idempotency-Replayed', 'true'),
  };
}
