import { isIP } from 'node:net';
import { z } from 'zod';
import { DEFAULT_LIMITS, type HttpLimits } from '../../adapters/http/http-server.js';
import { count, milliseconds, type Values, whole } from './values/values.js';

/** Variables of the HTTP server. */
export const httpSettings = {
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).default(3000),
  HTTP_MAX_CONNECTIONS: count(DEFAULT_LIMITS.maxConnections),
  HTTP_MAX_PIPELINED: count(DEFAULT_LIMITS.maxPipelined),
  HTTP_MAX_UNSENT_BYTES: count(DEFAULT_LIMITS.maxUnsentBytes),
  HTTP_HEADERS_MS: milliseconds(DEFAULT_LIMITS.headersMs),
  HTTP_REQUEST_MS: milliseconds(DEFAULT_LIMITS.requestMs),
  HTTP_STALL_MS: milliseconds(DEFAULT_LIMITS.stallMs),
  ORDER_STREAM_HEARTBEAT_MS: milliseconds(15_000),
  ORDER_STREAMS_MAX: count(5_000),
  ORDER_STREAMS_MAX_PER_USER: count(100),
  TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').map((address) => address.trim()))
    .refine((list) => list.every(isProxyAddress), {
      error: 'must be addresses, ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
    })
    .optional(),
};

type HttpSettings = Values<typeof httpSettings>;

/** What is wrong with these variables together; undefined when nothing is. */
export function httpProblem(values: HttpSettings): string | undefined {
  if (values.HTTP_HEADERS_MS <= values.HTTP_REQUEST_MS) return undefined;
  return 'HTTP_HEADERS_MS: must not be more than HTTP_REQUEST_MS';
}

export function httpLimitsOf(settings: HttpSettings): HttpLimits {
  return {
    maxConnections: settings.HTTP_MAX_CONNECTIONS,
    maxPipelined: settings.HTTP_MAX_PIPELINED,
    maxUnsentBytes: settings.HTTP_MAX_UNSENT_BYTES,
    headersMs: settings.HTTP_HEADERS_MS,
    requestMs: settings.HTTP_REQUEST_MS,
    stallMs: settings.HTTP_STALL_MS,
  };
}

/** The forms that Express accepts for its setting `trust proxy`. */
function isProxyAddress(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', range, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (range === undefined) return true;
  if (family === 4 && isIP(range) === 4) return true;
  return /^\d+$/.test(range) && Number(range) >= 1 && Number(range) <= (family === 4 ? 32 : 128);
}
