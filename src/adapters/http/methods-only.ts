import type { RequestHandler } from 'express';
import { HttpProblem } from './problem.js';

/** Answers what the path's own handlers did not take: OPTIONS with `Allow`, the rest with 405. */
export function methodsOnly(methods: readonly string[]): RequestHandler {
  const head = methods.includes('GET') ? ['HEAD'] : [];
  const allow = [...methods, ...head, 'OPTIONS'].join(', ');
  return (req, res) => {
    if (req.method !== 'OPTIONS') {
      const detail = `${req.method} is not for this resource; it takes ${allow}.`;
      throw new HttpProblem('method_not_allowed', detail, {}, { Allow: allow });
    }
    res.set('Allow', allow).status(204).end();
  };
}
