import type { Request, Response } from 'express';
import { requireMatch } from '../requests/preconditions.js';

/**
 * Sends JSON text as it is, or 304 to whoever has it already by its `ETag`: the one set before, or
 * one made of the text. Undefined: no body.
 *
 * @throws HttpProblem `precondition_failed`
 */
export function sendJson(
  req: Request,
  res: Response,
  text: string | undefined,
  type = 'json',
): void {
  if (text === undefined) {
    res.end();
    return;
  }
  const isRead = req.method === 'GET' || req.method === 'HEAD';
  if (isRead && req.get('if-match') !== undefined) {
    if (!res.get('ETag')) res.set('ETag', req.app.get('etag fn')(text));
    requireMatch(req, res.get('ETag'));
  }
  // Fetch sends `no-cache` with a condition of its own; that speaks to caches on the way (RFC
  // 9111, section 5.2.1.4), but Express takes it as a wish to have the body again.
  if (req.get('if-none-match') !== undefined) delete req.headers['cache-control'];
  res.type(type).send(text);
}
