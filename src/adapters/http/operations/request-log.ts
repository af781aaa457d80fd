import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';

/**
 * Logs a line for a request whose response was sent, or whose client disconnected before it was.
 * Headers and query are left out: they may contain a token.
 */
export type RequestLog = (
  req: IncomingMessage,
  res: ServerResponse,
  route: string | undefined,
  responseMs: number,
) => void;

/** Returns more fields for the line of a request, such as the ids of its trace. */
export type MoreFields = (req: IncomingMessage) => object;

export function requestLog(logger: Logger, more?: MoreFields): RequestLog {
  return (req, res, route, responseMs) => {
    if (!logger.isLevelEnabled('info')) return;
    const { id, method, url = '' } = req;
    const { statusCode, writableEnded } = res;
    logger.info(
      {
        req: { id, method, url: pathOf(url) },
        res: { statusCode, route },
        responseTime: Math.round(responseMs),
        ...more?.(req),
      },
      writableEnded ? 'request completed' : 'request aborted',
    );
  };
}

/** Removes the host with its user, and all that follows the path, also in encoded form. */
export function pathOf(url: string): string {
  return url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#;]|%3f|%23|%3b/i, 1)[0] ?? '';
}
