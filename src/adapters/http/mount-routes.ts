import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import type { CachePort } from '../../domain/ports/cache-port.js';
import { admit, inputOf } from './admission.js';
import type { TokenVerifier } from './auth/token-verifier.js';
import { cacheResponses, type ResponseCaching } from './caching/cache-responses.js';
import { failTogether } from './caching/handler-run.js';
import { sendJson } from './caching/send-json.js';
import { sendEvents } from './event-stream.js';
import { methodsOnly } from './methods-only.js';
import type { AnyRoute } from './route.js';

interface RouteParts {
  readonly tokens: TokenVerifier;
  readonly cache: CachePort;
}

/** Serves the routes, and answers 405 with `Allow` for their paths' other methods. */
export function mountRoutes(app: Express, routes: readonly AnyRoute[], parts: RouteParts): void {
  for (const route of routes) app[route.method](expressPath(route), ...handlersOf(route, parts));
  for (const [path, known] of Map.groupBy(routes, expressPath)) {
    app.all(path, methodsOnly(known.map((route) => route.method.toUpperCase())));
  }
}

function expressPath(route: AnyRoute): string {
  return route.path.replace(/\{(\w+)\}/g, ':$1');
}

function handlersOf(route: AnyRoute, { tokens, cache }: RouteParts) {
  assertForEveryone(route);
  const handlers: (RequestHandler | ErrorRequestHandler)[] = [admit(route, tokens, cache)];
  if (typeof route.cache !== 'object') return [...handlers, answer(route, cache)];
  const query: ResponseCaching['query'] = (_req, res) => inputOf(res).query;
  const caching: ResponseCaching = { ...route.cache, cache, query };
  return [...handlers, cacheResponses(caching), answer(route, cache), failTogether];
}

/** What is kept is given to whoever asks next. */
function assertForEveryone({ cache, method, access, path }: AnyRoute): void {
  if (cache && (method !== 'get' || access !== 'anyone')) {
    throw new TypeError(`${method} ${path} cannot be cached: its answers are not for everyone`);
  }
}

function answer(route: AnyRoute, cache: CachePort): RequestHandler {
  return async (req, res) => {
    const { status, body, text, events, headers } = await route.handle(inputOf(res));
    // A repeat evicts nothing; whatever it repeats, it was not evicted later than now.
    if (route.evicts && !res.get('Lockstep-Version')) res.set(await latestVersion(cache));
    res.status(status ?? route.success.status).set(headers ?? {});
    if (events) await sendEvents(req, res, events);
    else if (text === undefined && body === undefined) res.end();
    else sendJson(req, res, text ?? JSON.stringify(body));
  };
}

/** None while nobody knows: what was asked for is done all the same. */
async function latestVersion(cache: CachePort): Promise<Record<string, string>> {
  try {
    return { 'Lockstep-Version': `${await cache.latest()}` };
  } catch {
    return {};
  }
}
