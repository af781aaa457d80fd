import type { IncomingMessage, ServerResponse } from 'node:http';
import { PreparedHead } from '../caching/prepared-head.js';
import type { CommonHeaders } from '../responses/common-headers.js';
import { HttpProblem, problemBody, STATUS } from '../responses/problem.js';
import type { RateLimits } from './rate-limits.js';

/** Requests that tell an operator about the load, so they are never refused because of it. */
const PROBES = new Set(['/healthz', '/readyz', '/metrics']);

interface GateParts {
  readonly headers: CommonHeaders;
  readonly rateLimits: RateLimits;
  readonly isOverloaded: () => boolean;
  readonly onShed: () => void;
}

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** What all refusals with the same problem send. */
interface Prepared {
  readonly body: string;
  readonly heads: Map<'TLS' | 'plain', PreparedHead>;
}

const OVERLOADED = new HttpProblem(
  'overloaded',
  'This instance has more requests than it can handle in time. Nothing was changed; retry later.',
  {},
  { 'Retry-After': '1' },
);

/**
 * Refuses requests before any work is done for them: all while the instance is overloaded, and those over a
 * rate limit. A refusal costs about what Node itself needs for a request.
 */
export class Gate {
  readonly rateLimits: RateLimits;
  readonly #prepared = new WeakMap<HttpProblem, Prepared>();

  constructor(private readonly parts: GateParts) {
    this.rateLimits = parts.rateLimits;
  }

  /** Returns whether it has responded with a refusal. */
  refuses(req: IncomingMessage, res: ServerResponse): boolean {
    if (PROBES.has(req.url ?? '')) return false;
    const problem = this.#refusalOf(req);
    if (problem) this.#send(problem, req, res);
    return problem !== undefined;
  }

  #refusalOf(req: IncomingMessage): HttpProblem | undefined {
    const { rateLimits, isOverloaded, onShed } = this.parts;
    if (!isOverloaded()) return rateLimits.refusalOf(req);
    onShed();
    return OVERLOADED;
  }

  #send(problem: HttpProblem, req: IncomingMessage, res: ServerResponse): void {
    const { headers } = this.parts;
    const { body, heads } = this.#prepare(problem);
    const kind = headers.isOverTls(req) ? 'TLS' : 'plain';
    if (!heads.get(kind)?.write(res, req.id)) {
      const fields = [...headers.of(req), ...Object.entries(problem.headers).flat()];
      fields.push('Cache-Control', 'no-store', 'Content-Type', PROBLEM_TYPE);
      fields.push('Content-Length', `${Buffer.byteLength(body)}`);
      res.writeHead(STATUS[problem.code], fields);
      const written = PreparedHead.of(res, req.id);
      if (written) heads.set(kind, written);
    }
    res.end(body);
  }

  #prepare(problem: HttpProblem): Prepared {
    const known = this.#prepared.get(problem);
    if (known) return known;
    const prepared = { body: JSON.stringify(problemBody(problem)), heads: new Map() };
    this.#prepared.set(problem, prepared);
    return prepared;
  }
}
