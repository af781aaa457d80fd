import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Once } from '../../../domain/ports/unit-of-work.js';
import type { Caller } from '../auth/caller.js';
import { HttpProblem } from '../responses/problem.js';

/**
 * Returns the `Idempotency-Key` for the unit of work; undefined when the request has none.
 *
 * @param asked the parsed request: spaces, the order of fields and upper case in an id do not make
 * a different request
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
    throw new HttpProblem(
      'validation_failed',
      'The Idempotency-Key must have 1 to 255 characters.',
      {
        errors: [{ path: 'Idempotency-Key', message: 'must have 1 to 255 characters' }],
      },
    );
  }
  return {
    scope: caller.userId,
    key,
    fingerprint: createHash('sha256').update(JSON.stringify(asked)).digest('hex'),
    replayed: () => res.set('Idempotency-Replayed', 'true'),
  };
}
