import type { Request } from 'express';
import { HttpProblem } from '../problem.js';

/**
 * The invalidation number that `Lockstep-At-Least` asks for; undefined where nobody asks.
 * @throws HttpProblem `validation_failed` it is no whole number from 0 to 2^53-1
 */
export function atLeastOf(req: Request): number | undefined {
  const asked = req.get('lockstep-at-least');
  if (asked === undefined) return undefined;
  const number = /^\d{1,16}$/.test(asked) ? Number(asked) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new HttpProblem('validation_failed', 'Lockstep-At-Least is a Lockstep-Version.', {
    errors: [{ path: 'Lockstep-At-Least', message: 'must be a whole number from 0 to 2^53-1' }],
  });
}
