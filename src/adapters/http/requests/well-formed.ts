import type { Request, RequestHandler, Response } from 'express';
import { HttpProblem } from '../responses/problem.js';
import { METHODS } from './methods-only.js';

/** Fields with one value: a second line of one would be dropped, or joined to the first. */
const SINGLE_FIELDS = ['authorization', 'content-type', 'host', 'idempotency-key'];
const LENGTHS = SINGLE_FIELDS.map(({ length }) => length);

/** RFC 9110, section 7.2: a name, an IPv4 or an IPv6 address, and a port. */
const HOST = /^(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})+)(?::\d{0,5})?$/i;
/** RFC 9112, section 3.2: a path, or the same behind the name of a host; in ASCII, without a `#`. */
const TARGET = /^(?:https?:\/\/[^/?#]+(?=[/?]|$)|(?=\/))[\x21\x22\x24-\x7e]*$/i;

/**
 * Refuses what HTTP calls wrong and Node lets through, since two readers of such a request may
 * understand two different things.
 */
export const wellFormed: RequestHandler = (req, res, next) => {
  requireHeaders(req, res);
  if (TARGET.test(req.url)) next();
  else if (req.url !== '*') throw malformed('The request target is neither a path nor a URL.');
  else if (req.method === 'OPTIONS') res.set('Allow', METHODS.join(', ')).status(204).end();
  else throw malformed('The target * is for OPTIONS.');
};

function requireHeaders(req: Request, res: Response): void {
  const twice = repeatedField(req.rawHeaders);
  if (twice) throw malformed(`The header field ${twice} is there twice.`);
  const { host, expect, 'transfer-encoding': coding } = req.headers;
  // RFC 9112, section 3.2.
  if (host === undefined && req.httpVersion === '1.1') {
    throw malformed('An HTTP/1.1 request names its host.');
  }
  if (host !== undefined && !HOST.test(host)) throw malformed('The header field Host is no host.');
  // Section 6.1: Node reads any coding as if it were chunked, also in a version that has none.
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || req.httpVersion !== '1.1')) {
    res.set('Connection', 'close');
    throw malformed('The only transfer coding is chunked, in HTTP/1.1.');
  }
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    throw new HttpProblem('expectation_failed', 'The only expectation known here is 100-continue.');
  }
}

function malformed(detail: string): HttpProblem {
  return new HttpProblem('malformed_request', detail);
}

/** `rawHeaders` holds names and values in turn. */
function repeatedField(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    // Most names are told from these by their length alone.
    if (!LENGTHS.includes(name.length)) continue;
    const field = name.toLowerCase();
    if (!SINGLE_FIELDS.includes(field)) continue;
    if (seen.has(field)) return name;
    seen.add(field);
  }
  return undefined;
}
