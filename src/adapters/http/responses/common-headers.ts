import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { SECURITY_HEADERS } from './security-headers.js';

/** Whether a proxy with this address is trusted; Express makes it from its setting `trust proxy`. */
type TrustsProxy = (address: string | undefined, hop: number) => boolean;

/** Names and values, alternately, of the headers that every response to a request has. */
export type CommonHeaders = (req: IncomingMessage) => string[];

/** Ids of the request and the instance, and Helmet's headers. */
export function commonHeaders(instance: string, trusts: TrustsProxy): CommonHeaders {
  return (req) => [
    'X-Request-Id',
    req.id,
    'X-Instance',
    instance,
    ...(isOverTls(req, trusts) ? SECURITY_HEADERS.overTls : SECURITY_HEADERS.plain),
  ];
}

export function setCommonHeaders(headersFor: CommonHeaders): RequestHandler {
  return (req, res, next) => {
    const headers = headersFor(req);
    for (let i = 0; i < headers.length; i += 2) {
      res.setHeader(headers[i] ?? '', headers[i + 1] ?? '');
    }
    next();
  };
}

/** The service itself speaks plain HTTP; a trusted proxy says whether its client used TLS. */
function isOverTls({ headers, socket }: IncomingMessage, trusts: TrustsProxy): boolean {
  const forwarded = headers['x-forwarded-proto'];
  return (
    typeof forwarded === 'string' &&
    forwarded.split(',', 1)[0]?.trim() === 'https' &&
    trusts(socket.remoteAddress, 0)
  );
}
