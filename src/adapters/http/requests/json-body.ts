import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import express, { type NextFunction, type Request, type RequestHandler } from 'express';
import { HttpProblem } from '../responses/problem.js';
import { invalidJson } from './json-error.js';
import { findLossyJson } from './lossy-json.js';
import { oneAtATime, SHORT_BODY_BYTES } from './one-at-a-time.js';

declare module 'http' {
  interface IncomingMessage {
    /** The bytes of a body that Express has read. */
    rawBody?: Buffer;
  }
}

/** Largest request body, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Parses a JSON body into `req.body`. Refuses a body if `JSON.parse` would lose a part of it.
 *
 * Nearly all bodies are short, plain and of a known length. For these the general way of Express, with
 * other charsets, compression and unknown lengths, costs as much as its router, so they are read here.
 */
export function jsonBody(): RequestHandler {
  const readByExpress = express.json({
    limit: MAX_BODY_BYTES,
    type: 'application/json',
    verify: requireUtf8,
  });
  const inItsTurn = oneAtATime();
  return (req, res, next) => {
    if (isShortAndPlain(req)) {
      readShort(req, next);
      return;
    }
    const finish = () => next(req.rawBody && lossOf(req.rawBody.toString()));
    readByExpress(req, res, (error) => (error ? next(error) : inItsTurn(req, finish)));
  };
}

/** Node ends a body of a known length exactly there, or not at all. */
function isShortAndPlain({ headers }: IncomingMessage): boolean {
  const length = Number(headers['content-length'] ?? 0);
  return (
    length > 0 &&
    length <= SHORT_BODY_BYTES &&
    headers['content-type'] === 'application/json' &&
    headers['content-encoding'] === undefined
  );
}

function readShort(req: Request, next: NextFunction): void {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => next(parse(req, Buffer.concat(chunks))));
}

/** Returns the problem of a body; undefined when it is parsed. */
function parse(req: Request, bytes: Buffer): HttpProblem | undefined {
  if (!isUtf8(bytes)) return notUtf8();
  const decoded = bytes.toString();
  const text = decoded.charCodeAt(0) === BYTE_ORDER_MARK ? decoded.slice(1) : decoded;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalidJson(text);
  }
  if (typeof value !== 'object' || value === null) return invalidJson(text);
  req.body = value;
  return lossOf(text);
}

/** JSON is UTF-8 (RFC 8259, section 8.1); Express also accepts UTF-16 and replaces invalid bytes. */
function requireUtf8(req: IncomingMessage, _res: unknown, body: Buffer, charset: string): void {
  if (charset !== 'utf-8') {
    throw new HttpProblem('unsupported_media_type', 'The body must be application/json in UTF-8.');
  }
  if (!isUtf8(body)) throw notUtf8();
  req.rawBody = body;
}

function notUtf8(): HttpProblem {
  return new HttpProblem('malformed_request', 'The body is not valid UTF-8.');
}

/** @param text valid JSON */
function lossOf(text: string): HttpProblem | undefined {
  const loss = findLossyJson(text);
  const detail = 'The body does not match the schema.';
  return loss && new HttpProblem('validation_failed', detail, { errors: [loss] });
}
