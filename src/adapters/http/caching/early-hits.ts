import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Cached } from '../../../domain/ports/cache-port.js';
import { isNamedBy } from '../requests/preconditions.js';
import { headerProblem } from '../requests/well-formed.js';
import type { CommonHeaders } from '../responses/common-headers.js';
import { PreparedHead } from './prepared-head.js';
import { JSON_TYPE } from './send-json.js';

/** What the router found out about a URL when it responded to it. */
export interface CachedUrl {
  /** Template of its route, for log and metrics. */
  readonly route: string;
  /** What the memory of this process has for this URL now: the same object as long as it is valid. */
  read(): Cached | undefined;
  /** Names and values of the headers of its route, in turn. */
  readonly headers: readonly string[];
  /** The entity tag of a text that was read. */
  tag(text: string): string;
}

/** What a response needs in addition to the text. */
interface Prepared {
  readonly headers: readonly string[];
  readonly tag: string;
  readonly bytes: number;
  /** By status and TLS. */
  readonly heads: Map<string, PreparedHead>;
}

interface Ready {
  readonly res: ServerResponse;
  /** Undefined: no body. */
  readonly text: string | undefined;
}

/** Most URLs that are remembered: about ten megabytes. */
const MAX_URLS = 20_000;

/** Most responses that are ended together: all of them wait until the last one is ready. */
const MAX_TOGETHER = 64;

/** The router evaluates these fields, or reads a body because of them. */
const FIELDS_FOR_ROUTER = [
  'content-length',
  'expect',
  'if-match',
  'if-modified-since',
  'lockstep-at-least',
  'transfer-encoding',
];

/**
 * Responds to GET and HEAD of public cached URLs before the router, where the memory of this process
 * has the text.
 *
 * It knows only URLs to which the router has responded with a cached text. So path and query are
 * valid, and lead to the same cache entries each time. The text itself is never kept here: each request asks
 * the cache, which has it only while it is in sync, not expired and not invalidated. For all else
 * `respond` returns false, and the router responds. Both responses have the same bytes
 * (docs/decisions/0033-hits-before-the-router.md).
 */
export class EarlyHits {
  readonly #urls = new LRUCache<string, CachedUrl>({ max: MAX_URLS });
  /** The cache returns the same object for each hit of an entry. */
  readonly #prepared = new WeakMap<Cached, Prepared>();

  /** Responses whose head is written, and which end with this turn of the event loop. */
  readonly #ready: Ready[] = [];

  constructor(private readonly commonHeaders: CommonHeaders) {}

  /** The router has responded to this request target with a cached text. */
  remember(url: string, cached: CachedUrl): void {
    this.#urls.set(url, cached);
  }

  /** Returns whether it has responded. */
  respond(req: IncomingMessage, res: ServerResponse): boolean {
    if (req.method !== 'GET' && req.method !== 'HEAD') return false;
    const known = this.#urls.get(req.url ?? '');
    if (!known || FIELDS_FOR_ROUTER.some((field) => field in req.headers)) return false;
    if (headerProblem(req)) return false;
    const cached = known.read();
    if (cached?.text === undefined) return false;
    res.route = known.route;
    this.#send(req, res, cached.text, this.#prepare(cached, cached.text, known));
    return true;
  }

  #prepare(cached: Cached, text: string, { headers, tag }: CachedUrl): Prepared {
    const known = this.#prepared.get(cached);
    if (known) return known;
    const bytes = Buffer.byteLength(text);
    const prepared = { headers, tag: tag(text), bytes, heads: new Map() };
    this.#prepared.set(cached, prepared);
    return prepared;
  }

  #send(req: IncomingMessage, res: ServerResponse, text: string, prepared: Prepared): void {
    const { tag, heads } = prepared;
    const condition = req.headers['if-none-match'];
    const status = condition !== undefined && isNamedBy(condition, tag) ? 304 : 200;
    const kind = this.commonHeaders.isOverTls(req) ? `${status} over TLS` : `${status}`;
    const head = heads.get(kind);
    if (!head?.write(res, req.id)) {
      res.writeHead(status, this.#headers(req, status, prepared));
      const written = PreparedHead.of(res, req.id);
      if (written) heads.set(kind, written);
    }
    this.#endTogether({ res, text: status === 304 ? undefined : text });
  }

  /**
   * Ends the responses of one turn of the event loop one directly after the other. A write to a client that sleeps
   * wakes its processor, which costs as much as all else here. Between two writes in a row a client of
   * many requests, such as a proxy, does not fall asleep.
   */
  #endTogether(response: Ready): void {
    if (this.#ready.length === 0) setImmediate(() => this.#endAll());
    this.#ready.push(response);
    if (this.#ready.length >= MAX_TOGETHER) this.#endAll();
  }

  #endAll(): void {
    for (const { res, text } of this.#ready.splice(0)) res.end(text);
  }

  #headers(req: IncomingMessage, status: 200 | 304, { headers: own, tag, bytes }: Prepared) {
    const headers: (string | number)[] = this.commonHeaders.of(req);
    headers.push(...own, 'ETag', tag);
    if (status === 200) headers.push('Content-Type', JSON_TYPE, 'Content-Length', bytes);
    return headers;
  }
}
