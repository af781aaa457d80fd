import {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import type { CachePort } from '../../domain/ports/cache-port.js';
import { admit, inputOf } from './admission/admit.js';
import type { OpenRequestLimit } from './admission/open-request-limit.js';
import type { RateLimits } from './admission/rate-limits.js';
import type { TokenVerifier } from './auth/token-verifier.js';
import { cacheControlOf } from './caching/cache-control.js';
import { cacheResponses, type ResponseCaching, tagOf } from './caching/cache-responses.js';
import { CACHE_STATUS } from './caching/cache-status.js';
import type { EarlyHits } from './caching/early-hits.js';
import { failWaiters } from './caching/handler-run.js';
import { sendJson } from './caching/send-json.js';
import { jsonBody } from './requests/json-body.js';
import { methodsOnly } from './requests/methods-only.js';
import { requireMatch } from './requests/preconditions.js';
import { sendEvents } from './responses/event-stream.js';
import type { AnyRoute } from './route.js';

interface RouteParts {
  readonly tokens: TokenVerifier;
  readonly cache: CachePort;
  /** Without this the router responds to every request. */
  readonly hits?: EarlyHits;
  /** Without this the number of event streams has no limit. */
  readonly streams?: OpenRequestLimit;
  /** Without this the number of open writes has no limit. */
  readonly writes?: OpenRequestLimit;
  /** Without this the number of requests has no limit. */
  readonly rateLimits?: RateLimits | undefined;
}

/**
 * Handles the routes, and answers 405 with `Allow` to the other methods of their paths. Each `/v1/<name>` has
 * a router of its own, so that a request passes only the routes that it may match.
 */
export function handleRoutes(routes: readonly AnyRoute[], parts: RouteParts): RequestHandler {
  const routers = new Map<string, Router>();
  for (const [name, own] of Map.groupBy(routes, ({ path }) => collectionOf(path))) {
    routers.set(name, routerOf(own, parts));
  }
  return (req, res, next) => {
    const router = routers.get(collectionOf(req.path));
    if (router) router(req, res, next);
    else next();
  };
}

/** The first two segments of a path. */
function collectionOf(path: string): string {
  const end = path.indexOf('/', path.indexOf('/', 1) + 1);
  return end < 0 ? path : path.slice(0, end);
}

/** A path with a literal such as `popular` or `me` goes before a path with a parameter in its place. */
function routerOf(routes: readonly AnyRoute[], parts: RouteParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(jsonBody());
  const paths = [...Map.groupBy(routes, expressPath)];
  const templates = paths.flatMap(([path]) => (path.includes(':') ? patternOf(path) : []));
  const byName = ([path]: PathRoutes) => templates.some((template) => template.test(path));
  for (const group of [paths.filter(byName), paths.filter((path) => !byName(path))]) {
    for (const route of group.flatMap(([, known]) => known)) {
      router[route.method](expressPath(route), ...handlersOf(route, parts));
    }
    for (const [path, known] of group) {
      router.all(path, methodsOnly(known.map((route) => route.method.toUpperCase())));
    }
  }
  return router;
}

type PathRoutes = readonly [path: string, routes: readonly AnyRoute[]];

/** Matches the paths of a template, but not the template itself. */
function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/:\w+/g, '[^/:]+')}$`);
}

function expressPath(route: AnyRoute): string {
  return route.path.replace(/\{(\w+)\}/g, ':$1');
}

function handlersOf(route: AnyRoute, parts: RouteParts) {
  assertPublic(route);
  const { cache, hits } = parts;
  const handlers: (RequestHandler | ErrorRequestHandler)[] = [admit(route, parts)];
  if (!route.cache) return [...handlers, respond(route, parts, sendFor(route, hits))];
  const headers = ['Cache-Control', cacheControlOf(route), 'Cache-Status', CACHE_STATUS.l1];
  if ('entry' in route.cache) {
    const { entry, tag } = route.cache;
    const sendCached: SendText = (req, res, text) => {
      const own = entry(inputOf(res).id);
      const read = () => cache.readLocal(own);
      hits?.remember(req.originalUrl, { route: route.path, headers, tag, read });
      sendJson(req, res, text);
    };
    return [...handlers, respond(route, parts, sendCached)];
  }
  const caching: ResponseCaching = {
    ...route.cache,
    cache,
    query: (_req, res) => inputOf(res).query,
    onLocalHit: (req, { key, composed = false }) => {
      const read = () => cache.readLocal({ key, composed });
      hits?.remember(req.originalUrl, { route: route.path, headers, tag: tagOf, read });
    },
  };
  return [...handlers, cacheResponses(caching), respond(route, parts, passToCache), failWaiters];
}

/** A cached response is sent to every client. */
function assertPublic({ cache, readLocal, method, access, path }: AnyRoute): void {
  if ((cache || readLocal) && (method !== 'get' || access !== 'anyone')) {
    throw new TypeError(`${method} ${path} cannot be cached: its responses are not public`);
  }
}

type SendText = (req: Request, res: Response, text: string | undefined) => void;

function respond(route: AnyRoute, { cache, streams }: RouteParts, send: SendText): RequestHandler {
  return async (req, res) => {
    const { status, body, text, events, headers } = await route.handle(inputOf(res));
    // A replayed request invalidates nothing; the current number is not lower than that of the first one.
    if (route.invalidates && !res.get('Lockstep-Version')) res.set(await latestVersion(cache));
    if (events) admitStream(req, res, streams);
    res.status(status ?? route.success.status).set(headers ?? {});
    if (events) await sendEvents(req, res, events);
    else send(req, res, text ?? JSON.stringify(body));
  };
}

/** Sends a response without a cache entry of its own. */
function sendFor(route: AnyRoute, hits: EarlyHits | undefined): SendText {
  if (!route.readLocal || !hits) return sendJson;
  const headers = ['Cache-Control', cacheControlOf(route)];
  return (req, res, text) => {
    const { query } = inputOf(res);
    const tag: (text: string) => string = req.app.get('etag fn');
    const read = () => route.readLocal?.(query);
    hits.remember(req.originalUrl, { route: route.path, headers, tag, read });
    sendJson(req, res, text);
  };
}

/** Passes the text to `cacheResponses`, which evaluates the conditions of the request. */
const passToCache: SendText = (_req, res, text) => {
  res.type('json').send(text);
};

/** @throws HttpProblem `precondition_failed`, since a stream has no entity tag, or `too_many_streams` */
function admitStream(req: Request, res: Response, streams?: OpenRequestLimit): void {
  requireMatch(req, undefined);
  streams?.enter(String(inputOf(res).caller?.userId), res);
}

/** Empty when the cache cannot be reached: the write is committed without it. */
async function latestVersion(cache: CachePort): Promise<Record<string, string>> {
  try {
    return { 'Lockstep-Version': `${await cache.latest()}` };
  } catch {
    return {};
  }
}
