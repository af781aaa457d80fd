import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { SECURITY_HEADERS } from './security-headers.js';

/** Whether a proxy with this address is trusted; Express makes it from its setting `trust proxy`. */
export type TrustsProxy = (address: string | undefined, hop: number) => boolean;

/** The headers that every response to a request has: ids of the request and the instance, and Helmet's. */
export class CommonHeaders {
  constructor(
    private readonly instance: string,
    private readonly trusts: TrustsProxy,
  ) {}

  /** Names and values, alternately. */
  of(req: IncomingMessage): string[] {
    const { overTls, plain } = SECURITY_HEADERS;
    const security = this.isOverTls(req) ? overTls : plain;
    return ['X-Request-Id', req.id, 'X-Instance', this.instance, ...security];
  }

  /** The service itself speaks plain HTTP; a trusted proxy says whether its client used TLS. */
  isOverTls({ headers, socket }: IncomingMessage): boolean {
    const forwarded = headers['x-forwarded-proto'];
    return (
      typeof forwarded === 'string' &&
      forwarded.split(',', 1)[0]?.trim() === 'https' &&
      this.trusts(socket.remoteAddress, 0)
    );
  }
}

export function setCommonHeaders(common: CommonHeaders): RequestHandler {
  return (req, res, next) => {
    const headers = common.of(req);
    for (let i = 0; i < headers.length; i += 2) {
      res.setHeader(headers[i] ?? '', headers[i + 1] ?? '');
    }
    next();
  };
}
