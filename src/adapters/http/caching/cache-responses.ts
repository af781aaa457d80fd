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
  /** The query as it was understood, defaults filled in; without this, as it was sent. */
  query?(req: Request, res: Response): object;
  /** Whether the answer to a query is kept at all; without this, each is. */
  isKept?(query: object): boolean;
  /** Longest life in milliseconds, where it differs from the cache's own. */
  readonly ttlMs?: number;
}

/**
 * Middleware that caches what the handlers behind it answer to GET and HEAD: JSON with 200, as
 * text, by path and query. Of the requests for one answer at a time one is handled, and the others
 * get its text. For answers that depend on nothing else and are meant for everyone; of their
 * headers only those set before this middleware reach everyone.
 */
export function cacheResponses(caching: ResponseCaching): RequestHandler {
  const { ttlMs } = caching;
  // A hit in this process is the same object each time, so its tag is worth remembering.
  const tags = new WeakMap<Cached, string>();

  return async (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      next();
      return;
    }
    const query = caching.query ? caching.query(req, res) : req.query;
    const entry = { key: keyOf(req, query), composed: true, ttlMs, atLeast: minimumVersionOf(req) };
    const cache = caching.isKept?.(query) === false ? pastTheCache : caching.cache;
    const run = new HandlerRun(res, next, caching);
    const cached = await readThrough(cache, entry, run, res);
    if (cached === 'unshared') next();
    if (typeof cached !== 'object') return;
    const { text = '', source } = cached;
    const tag = tags.get(cached) ?? tagOf(text);
    tags.set(cached, tag);
    res.set({ ETag: tag, 'Cache-Status': CACHE_STATUS[source], 'Cache-Control': REVALIDATED });
    sendJson(req, res, text);
  };
}

/** For answers that are not kept: each request is handled for itself. */
const pastTheCache: Pick<CachePort, 'read'> = {
  read: async (entry, load) => ({ text: (await load(entry))?.text, source: 'miss' }),
};

/**
 * Undefined: the answer is given, or nobody waits for it. Unshared: another request was handled
 * for this one too, but what came of that is not for sharing.
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
      // Only the client of the one that was handled did not wait: the next one takes its place.
      if (!(error instanceof ClientGoneError)) throw error;
    }
  }
  return undefined;
}

/** By the name of each parameter, so that their order makes no other answer. */
function keyOf({ baseUrl, path }: Request, query: object): string {
  const sorted = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1));
  return `GET ${baseUrl}${path} ${JSON.stringify(Object.fromEntries(sorted))}`;
}

/** A strong entity tag (RFC 9110, section 8.8.3). */
function tagOf(text: string): string {
  return `"${hash('sha256', text, 'base64url')}"`;
}
