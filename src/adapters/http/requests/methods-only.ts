import type { RequestHandler } from 'express';
import { HttpProblem } from '../responses/problem.js';

/** The `Allow` header for the service as a whole. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Responds to OPTIONS with `Allow`, and to all other methods than these with 405. */
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
  const detail = `The resource does not support ${method}; it supports ${allow}.`;
  return new HttpProblem('method_not_allowed', detail, {}, { Allow: allow });
}
