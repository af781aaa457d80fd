import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler } from 'express';
import { HttpProblem } from '../responses/problem.js';
import { findJsonLoss } from './json-loss.js';

/** The largest body taken, in bytes. */
const MAX_BODY = 64 * 1024;

/** The bodies of the requests that are being read. */
const bodies = new WeakMap<IncomingMessage, Buffer>();

/** Reads a JSON body into `req.body`, and refuses one of which anything would be lost. */
export function jsonBody(): RequestHandler[] {
  return [
    express.json({ limit: MAX_BODY, type: 'application/json', verify: requireUtf8 }),
    requireNoLoss,
  ];
}

/** RFC 8259, section 8.1. Express takes UTF-16 too, and replaces what is not valid. */
function requireUtf8(req: IncomingMessage, _res: unknown, body: Buffer, charset: string): void {
  if (charset !== 'utf-8') {
    throw new HttpProblem('unsupported_media_type', 'The body must be application/json in UTF-8.');
  }
  if (!isUtf8(body)) throw new HttpProblem('malformed_request', 'The body is not valid UTF-8.');
  bodies.set(req, body);
}

const requireNoLoss: RequestHandler = (req, _res, next) => {
  const body = bodies.get(req);
  const loss = body && findJsonLoss(body.toString());
  if (loss) {
    const detail = 'The body is not as it must be.';
    throw new HttpProblem('validation_failed', detail, { errors: [loss] });
  }
  next();
};
