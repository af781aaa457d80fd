import { hash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Cached, CacheEntry, CachePort } from '../../../domain/ports/cache-port.js';
import { ClientGoneError } from '../responses/client-gone-error.js';
import { REVALIDATED } from './cache-control.js';
import { CACHE_STATUS } from './cache-status.js';
import { type BodyCaching, HandlerRun, UncacheableResponse } from './handler-run.js';
import { minimumVersionOf } from './minimum-version.js';
import { sendJson } from './send-json.js';

export interface ResponseCaching extends BodyCaching {
  readonly cache: CachePort;
  /** The validated query with its defaults; without this the query as it was sent. */
  query?(req: Request, res: Response): object;
  /** Whether to cache the response to a query; without this every response is cached. */
  isKept?(query: object): boolean;
  /** Time to live in milliseconds, if it differs from the cache's own. */
  readonly ttlMs?: number;
  /** Called when the memory of this process had the response, before it is sent. */
  onLocalHit?(req: Request, entry: CacheEntry): void;
}

/**
 * Middleware that caches the responses of the handlers after it to GET and HEAD: JSON with status
 * 200, as text, by path and query. Of several requests for one response at a time only one is
 * handled, and the others get its text. Use it only for public responses that depend on nothing
 * else. Headers that a handler sets are not cached; headers set before this middleware are sent.
 */
export function cacheResponses(caching: ResponseCaching): RequestHandler {
  const { ttlMs } = caching;
  // A hit in this process returns the same object each time, so its tag is computed once.
  const tags = new WeakMap<Cached, string>();

  return async (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      next();
      return;
    }
    const query = caching.query ? caching.query(req, res) : req.query;
    const entry = { key: keyOf(req, query), composed: true, ttlMs, atLeast: minimumVersionOf(req) };
    const cache = caching.isKept?.(query) === false ? uncached : caching.cache;
    const run = new HandlerRun(res, next, caching);
    const cached = await readThrough(cache, entry, run, res);
    if (cached === 'unshared') next();
    if (typeof cached !== 'object') return;
    const { text = '', source } = cached;
    const tag = tags.get(cached) ?? tagOf(text);
    tags.set(cached, tag);
    if (source === 'l1') caching.onLocalHit?.(req, entry);
    res.set({ 'Cache-Control': REVALIDATED, 'Cache-Status': CACHE_STATUS[source], ETag: tag });
    sendJson(req, res, text);
  };
}

/** Handles each request separately, for responses that are not cached. */
const uncached: Pick<CachePort, 'read'> = {
  read: async (entry, load) => ({ text: (await load(entry))?.text, source: 'miss' }),
};

/**
 * Returns undefined when the response was sent, or the client disconnected. Returns `unshared` when
 * this request waited for another one whose response cannot be cached.
 */
async function readThrough(
  cache: Pick<CachePort, 'read'>,
  entry: CacheEntry,
  run: HandlerRun,
  res: Response,
): Promise<Cached | 'unshared' | undefined> {
  while (!res.closed) {
    try {
      return await cache.read(entry, run.load);
    } catch (error) {
      if (run.hasStarted && !run.isWithheld) return undefined;
      if (error instanceof UncacheableResponse) return 'unshared';
      // The client of the handled request disconnected; try again with another request.
      if (!(error instanceof ClientGoneError)) throw error;
    }
  }
  return undefined;
}

/** Sorts the parameters, so that their order makes no difference. */
function keyOf({ baseUrl, path }: Request, query: object): string {
  const sorted = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1));
  return `GET ${baseUrl}${path} ${JSON.stringify(Object.fromEntries(sorted))}`;
}

/** A strong entity tag (RFC 9110, section 8.8.3). */
export function tagOf(text: string): string {
  return `"${hash('sha256', text, 'base64url')}"`;
}
