import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/**
 * What the log says of a request: never its headers, which carry the caller's token, nor its query,
 * where a client may have put one.
 */
const LOGGED = {
  req: ({ id, method, url = '' }: IncomingMessage) => ({ id, method, url: pathOf(url) }),
  res: ({ raw }: { readonly raw: Response }) => {
    return { statusCode: raw.statusCode, route: raw.locals?.['route'] };
  },
};

/** A line for each request that has ended. */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({ logger, genReqId: (req) => req.id, serializers: LOGGED });
}

/** Without a host and its user, and without what follows the path, also where it is encoded. */
export function pathOf(url: string): string {
  return url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#;]|%3f|%23|%3b/i, 1)[0] ?? '';
}
