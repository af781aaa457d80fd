import type { Request } from 'express';
import type { CachePort } from '../../../domain/ports/cache-port.js';
import { HttpProblem } from '../responses/problem.js';

/**
 * The invalidation number that `Lockstep-At-Least` asks for; undefined where nobody asks.
 * @throws HttpProblem `validation_failed` it is no whole number from 0 to 2^53-1
 */
export function minimumVersionOf(req: Request): number | undefined {
  const asked = req.get('lockstep-at-least');
  if (asked === undefined) return undefined;
  const number = /^\d{1,16}$/.test(asked) ? Number(asked) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw refused('must be a whole number from 0 to 2^53-1');
}

/** @throws HttpProblem `validation_failed` no write can have been answered with this number */
export async function requireIssuedVersion(cache: CachePort, asked: number): Promise<void> {
  if (!(await cache.mayExist(asked))) throw refused('must be one that a write was answered with');
}

function refused(message: string): HttpProblem {
  return new HttpProblem('validation_failed', 'Lockstep-At-Least is a Lockstep-Version.', {
    errors: [{ path: 'Lockstep-At-Least', message }],
  });
}
