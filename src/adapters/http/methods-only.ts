import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.js';

/** Answers OPTIONS with `Allow` and other methods than these with 405. */
export function methodsOnly(methods: readonly string[]): RequestHandler {
  const head = methods.includes('GET') ? ['HEAD'] : [];
  const allow = [...methods, ...head, 'OPTIONS'].join(', ');
  return (req, res, next) => {
    if (methods.includes(req.method) || head.includes(req.method)) {
      next();
      return;
    }
    if (req.method !== 'OPTIONS') {
      const detail = `${req.method} is not for this resource; it takes ${allow}.`;
      throw new HttpProblem('method_not_allowed', detail, {}, { Allow: allow });
    }
    res.set('Allow', allow).status(204).end();
  };
}
