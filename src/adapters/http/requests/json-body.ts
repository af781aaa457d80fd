import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler } from 'express';
import { HttpProblem } from '../responses/problem.js';
import { findLossyJson } from './lossy-json.js';
import { oneAtATime } from './one-at-a-time.js';

/** Largest request body, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** The raw bodies of the current requests. */
const bodies = new WeakMap<IncomingMessage, Buffer>();

/** Parses a JSON body into `req.body`. Refuses a body if `JSON.parse` would lose a part of it. */
export function jsonBody(): RequestHandler[] {
  return [
    express.json({ limit: MAX_BODY_BYTES, type: 'application/json', verify: requireUtf8 }),
    oneAtATime(),
    requireNoLoss,
  ];
}

/** JSON is UTF-8 (RFC 8259, section 8.1); Express also accepts UTF-16 and replaces invalid bytes. */
function requireUtf8(req: IncomingMessage, _res: unknown, body: Buffer, charset: string): void {
  if (charset !== 'utf-8') {
    throw new HttpProblem('unsupported_media_type', 'The body must be application/json in UTF-8.');
  }
  if (!isUtf8(body)) throw new HttpProblem('malformed_request', 'The body is not valid UTF-8.');
  bodies.set(req, body);
}

const requireNoLoss: RequestHandler = (req, _res, next) => {
  const body = bodies.get(req);
  const loss = body && findLossyJson(body.toString());
  if (loss) {
    const detail = 'The body does not match the schema.';
    throw new HttpProblem('validation_failed', detail, { errors: [loss] });
  }
  next();
};
