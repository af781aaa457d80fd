import type { Request } from 'express';
import type { CachePort } from '../../../domain/ports/cache-port.js';
import { HttpProblem } from '../responses/problem.js';

/**
 * Returns the invalidation number in `Lockstep-At-Least`; undefined without this header.
 * @throws HttpProblem `validation_failed` it is not a whole number from 0 to 2^53-1
 */
export function minimumVersionOf(req: Request): number | undefined {
  const value = req.get('lockstep-at-least');
  if (value === undefined) return undefined;
  const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw refused('must be a whole number from 0 to 2^53-1');
}

/** @throws HttpProblem `validation_failed` no write has returned this number */
export async function requireIssuedVersion(cache: CachePort, version: number): Promise<void> {
  if (!(await cache.mayExist(version))) throw refused('must be the Lockstep-Version of a write');
}

function refused(message: string): HttpProblem {
  return new HttpProblem('validation_failed', 'Lockstep-At-Least is not a Lockstep-Version.', {
    errors: [{ path: 'Lockstep-At-Least', message }],
  });
}
