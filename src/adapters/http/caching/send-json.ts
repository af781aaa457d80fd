import type { Request, Response } from 'express';
import { requireMatch } from '../requests/preconditions.js';

/**
 * Sends JSON text, or 304 when `If-None-Match` names its `ETag`. The tag is the one that was set
 * before, or a hash of the text. Sends no body when the text is undefined.
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
  // `fetch` sends `no-cache` together with a condition. That directive is for caches (RFC 9111,
  // section 5.2.1.4), but Express would send the body because of it.
  if (req.get('if-none-match') !== undefined) delete req.headers['cache-control'];
  res.type(type).send(text);
}
