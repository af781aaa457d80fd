import type { IncomingMessage, ServerResponse } from 'node:http';
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
    const body = JSON.stringify(problemBody(problem));
    const headers = [
      ...this.parts.headers.of(req),
      ...['Cache-Control', 'no-store', 'Content-Type', 'application/problem+json; charset=utf-8'],
      ...['Content-Length', `${Buffer.byteLength(body)}`],
      ...Object.entries(problem.headers).flat(),
    ];
    res.writeHead(STATUS[problem.code], headers);
    res.end(body);
  }
}
