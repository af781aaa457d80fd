import type { Request, Response } from 'express';

/** Sends JSON text as it is, or 304 to whoever has it already by the `ETag` set before. */
export function sendJson(req: Request, res: Response, text: string): void {
  // Fetch sends `no-cache` with a condition of its own; that speaks to caches on the way (RFC
  // 9111, section 5.2.1.4), but Express takes it as a wish to have the body again.
  if (req.get('if-none-match') !== undefined) delete req.headers['cache-control'];
  res.type('json').send(text);
}
