import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { SECURITY_HEADERS } from './security-headers.js';

/** Whether a proxy with this address is trusted; Express makes it from its setting `trust proxy`. */
type TrustsProxy = (address: string | undefined, hop: number) => boolean;

/** Adds the headers that every response has: ids of the request and the instance, and Helmet's. */
export function commonHeaders(instance: string): RequestHandler {
  return (req, res, next) => {
    res.setHeader('X-Request-Id', req.id);
    res.setHeader('X-Instance', instance);
    for (const [name, value] of securityHeadersFor(req, req.app.get('trust proxy fn'))) {
      res.setHeader(name, value);
    }
    next();
  };
}

/** The service itself speaks plain HTTP; a trusted proxy says whether its client used TLS. */
function securityHeadersFor({ headers, socket }: IncomingMessage, trusts: TrustsProxy) {
  const forwarded = headers['x-forwarded-proto'];
  const isOverTls =
    typeof forwarded === 'string' &&
    forwarded.split(',', 1)[0]?.trim() === 'https' &&
    trusts(socket.remoteAddress, 0);
  return isOverTls ? SECURITY_HEADERS.overTls : SECURITY_HEADERS.plain;
}
