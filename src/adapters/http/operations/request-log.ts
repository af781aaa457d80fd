import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/**
 * The logged parts of a request. Headers and query are left out: they may contain a token.
 */
const LOGGED = {
  req: ({ id, method, url = '' }: IncomingMessage) => ({ id, method, url: pathOf(url) }),
  res: ({ raw }: { readonly raw: Response }) => {
    return { statusCode: raw.statusCode, route: raw.locals?.['route'] };
  },
};

/** Logs a line for each finished request. */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({ logger, genReqId: (req) => req.id, serializers: LOGGED });
}

/** Removes the host with its user, and all that follows the path, also in encoded form. */
export function pathOf(url: string): string {
  return url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#;]|%3f|%23|%3b/i, 1)[0] ?? '';
}
