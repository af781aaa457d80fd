import type { Request, Response } from 'express';
import { isNamedBy, requireMatch } from '../requests/preconditions.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Sends JSON text. The `ETag` of a read is the one that was set before, or a hash of the text. A
 * read gets 304 when `If-None-Match` names its tag. Sends no body when the text is undefined.
 *
 * @throws HttpProblem `precondition_failed`
 */
export function sendJson(
  req: Request,
  res: Response,
  text: string | undefined,
  type = JSON_TYPE,
): void {
  if (text === undefined) {
    res.end();
    return;
  }
  if ((req.method === 'GET' || req.method === 'HEAD') && isUnchanged(req, res, text)) {
    // A handler whose response is cached has set it.
    res.removeHeader('Content-Type');
    res.writeHead(304).end();
    return;
  }
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
}

function isUnchanged(req: Request, res: Response, text: string): boolean {
  if (!res.hasHeader('ETag')) res.setHeader('ETag', req.app.get('etag fn')(text));
  const tag = String(res.getHeader('ETag'));
  requireMatch(req, tag);
  const condition = req.headers['if-none-match'];
  return condition !== undefined && isNamedBy(condition, tag);
}
