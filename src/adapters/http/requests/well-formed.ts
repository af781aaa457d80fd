import type { IncomingMessage } from 'node:http';
import type { Request, Response } from 'express';
import { HttpProblem } from '../responses/problem.js';
import { METHODS } from './methods-only.js';

/** Headers with one value: Node would drop a second line, or join it to the first. */
const SINGLE_FIELDS = ['authorization', 'content-type', 'host', 'idempotency-key'];
const LENGTHS = SINGLE_FIELDS.map(({ length }) => length);

/** A name, an IPv4 or an IPv6 address, and a port (RFC 9110, section 7.2). */
const HOST = /^(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})+)(?::\d{0,5})?$/i;
/** A path, or a URL with a host and a path; in ASCII, without a `#` (RFC 9112, section 3.2). */
const TARGET = /^(?:https?:\/\/[^/?#]+(?=[/?]|$)|(?=\/))[\x21\x22\x24-\x7e]*$/i;

/**
 * Whether a request goes to a route; `OPTIONS *` is answered here.
 *
 * @throws HttpProblem HTTP forbids the request, but Node accepts it. Two servers could understand such a
 * request in two different ways.
 */
export function isForRoutes(req: Request, res: Response): boolean {
  const problem = headerProblem(req);
  if (problem) throw problem;
  if (TARGET.test(req.url)) return true;
  if (req.url !== '*') throw malformed('The request target is neither a path nor a URL.');
  if (req.method !== 'OPTIONS') throw malformed('The request target * is only for OPTIONS.');
  res.set('Allow', METHODS.join(', ')).status(204).end();
  return false;
}

/** What HTTP forbids in the header fields of this request; undefined: nothing. */
export function headerProblem(req: IncomingMessage): HttpProblem | undefined {
  const twice = repeatedField(req.rawHeaders);
  if (twice) return malformed(`The header ${twice} appears twice.`);
  const { host, expect, 'transfer-encoding': coding } = req.headers;
  // RFC 9112, section 3.2.
  if (host === undefined && req.httpVersion === '1.1') {
    return malformed('An HTTP/1.1 request must have a Host header.');
  }
  if (host !== undefined && !HOST.test(host)) {
    return malformed('The Host header is not a valid host.');
  }
  // Section 6.1. Node reads any coding as chunked, also in HTTP/1.0, which has no codings.
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || req.httpVersion !== '1.1')) {
    const detail = 'The only supported transfer coding is chunked, in HTTP/1.1.';
    return malformed(detail).with({ Connection: 'close' });
  }
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    return new HttpProblem('expectation_failed', 'The only supported expectation is 100-continue.');
  }
  return undefined;
}

function malformed(detail: string): HttpProblem {
  return new HttpProblem('malformed_request', detail);
}

/** `rawHeaders` contains names and values alternately. */
function repeatedField(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    // The length alone excludes most names.
    if (!LENGTHS.includes(name.length)) continue;
    const field = name.toLowerCase();
    if (!SINGLE_FIELDS.includes(field)) continue;
    if (seen.has(field)) return name;
    seen.add(field);
  }
  return undefined;
}
