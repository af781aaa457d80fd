import type { RequestHandler } from 'express';
import { HttpProblem } from '../responses/problem.js';

/** What `Allow` says of the service as a whole. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Answers OPTIONS with `Allow` and other methods than these with 405. */
export function methodsOnly(methods: readonly string[]): RequestHandler {
  const head = methods.includes('GET') ? ['HEAD'] : [];
  const allowed = [...methods, ...head, 'OPTIONS'];
  return (req, res, next) => {
    if (methods.includes(req.method) || head.includes(req.method)) {
      next();
      return;
    }
    if (req.method !== 'OPTIONS') throw methodNotAllowed(req.method, allowed);
    res.set('Allow', allowed.join(', ')).status(204).end();
  };
}

export function methodNotAllowed(method: string, allowed: readonly string[]): HttpProblem {
  const allow = allowed.join(', ');
  const detail = `${method} is not for this resource; it takes ${allow}.`;
  return new HttpProblem('method_not_allowed', detail, {}, { Allow: allow });
}
