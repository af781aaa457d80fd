import { randomFillSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { v7 } from 'uuid';

declare module 'http' {
  interface IncomingMessage {
    /** Id of the request, sent as `X-Request-Id` and logged. */
    id: string;
  }
}

/** Short and printable: safe in a header and in a log line. */
const SAFE_ID = /^[A-Za-z0-9._~:/+=-]{1,128}$/;

const BYTES_OF_AN_ID = 16;
/** Random bytes for 256 ids. A call of the system's source costs more than the rest of an id. */
const random = Buffer.allocUnsafe(256 * BYTES_OF_AN_ID);
let used = random.length;

/** Returns the caller's `X-Request-Id`, or a new UUIDv7 when it is missing or not safe to log. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SAFE_ID.test(given) ? given : newRequestId();
}

export function newRequestId(): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const begin = used;
  used += BYTES_OF_AN_ID;
  return v7({ random: random.subarray(begin, used) });
}
