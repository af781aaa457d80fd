import type { IncomingMessage } from 'node:http';
import { uuidV7 } from '../../system/uuid-v7.js';

declare module 'http' {
  interface IncomingMessage {
    /** Id of the request, sent as `X-Request-Id` and logged. */
    id: string;
  }
}

/** Short and printable: safe in a header and in a log line. */
const SAFE_ID = /^[A-Za-z0-9._~:/+=-]{1,128}$/;

/** Returns the caller's `X-Request-Id`, or a new UUIDv7 when it is missing or not safe to log. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SAFE_ID.test(given) ? given : uuidV7();
}
