import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import type { CachePort } from '../../domain/ports/cache-port.js';
import { admit, inputOf } from './admission.js';
import type { TokenVerifier } from './auth/token-verifier.js';
import { cacheResponses, type ResponseCaching } from './caching/cache-responses.js';
import { failWaiters } from './caching/handler-run.js';
import { sendJson } from './caching/send-json.js';
import { methodsOnly } from './requests/methods-only.js';
import { requireMatch } from './requests/preconditions.js';
import { sendEvents } from './responses/event-stream.js';
import type { StreamLimit } from './responses/stream-limit.js';
import type { AnyRoute } from './route.js';

interface RouteParts {
  readonly tokens: TokenVerifier;
  readonly cache: CachePort;
  /** Without this there may be any number of event streams. */
  readonly streams?: StreamLimit;
}

/**
 * Serves the routes, and answers 405 with `Allow` for their paths' other methods. A path that says
 * `popular` or `me` where another has a parameter comes first, whatever the method.
 */
export function mountRoutes(app: Express, routes: readonly AnyRoute[], parts: RouteParts): void {
  const paths = [...Map.groupBy(routes, expressPath)];
  const templates = paths.flatMap(([path]) => (path.includes(':') ? patternOf(path) : []));
  const byName = ([path]: PathRoutes) => templates.some((template) => template.test(path));
  for (const group of [paths.filter(byName), paths.filter((path) => !byName(path))]) {
    for (const route of group.flatMap(([, known]) => known)) {
      app[route.method](expressPath(route), ...handlersOf(route, parts));
    }
    for (const [path, known] of group) {
      app.all(path, methodsOnly(known.map((route) => route.method.toUpperCase())));
    }
  }
}

type PathRoutes = readonly [path: string, routes: readonly AnyRoute[]];

/** What a template stands for, but not the template itself. */
function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/:\w+/g, '[^/:]+')}$`);
}

function expressPath(route: AnyRoute): string {
  return route.path.replace(/\{(\w+)\}/g, ':$1');
}

function handlersOf(route: AnyRoute, { tokens, cache, streams }: RouteParts) {
  assertForEveryone(route);
  const handlers: (RequestHandler | ErrorRequestHandler)[] = [admit(route, tokens, cache)];
  if (typeof route.cache !== 'object') return [...handlers, answer(route, cache, streams)];
  const query: ResponseCaching['query'] = (_req, res) => inputOf(res).query;
  const caching: ResponseCaching = { ...route.cache, cache, query };
  return [...handlers, cacheResponses(caching), answer(route, cache, streams), failWaiters];
}

/** What is kept is given to whoever asks next. */
function assertForEveryone({ cache, method, access, path }: AnyRoute): void {
  if (cache && (method !== 'get' || access !== 'anyone')) {
    throw new TypeError(`${method} ${path} cannot be cached: its answers are not for everyone`);
  }
}

function answer(route: AnyRoute, cache: CachePort, streams?: StreamLimit): RequestHandler {
  const send = typeof route.cache === 'object' ? giveToCache : sendJson;
  return async (req, res) => {
    const { status, body, text, events, headers } = await route.handle(inputOf(res));
    // A repeat evicts nothing; whatever it repeats, it was not evicted later than now.
    if (route.evicts && !res.get('Lockstep-Version')) res.set(await latestVersion(cache));
    if (events) admitStream(req, res, streams);
    res.status(status ?? route.success.status).set(headers ?? {});
    if (events) await sendEvents(req, res, events);
    else send(req, res, text ?? JSON.stringify(body));
  };
}

/** To the middleware before this one, which looks at the conditions of the request. */
function giveToCache(_req: Request, res: Response, text: string | undefined): void {
  res.type('json').send(text);
}

/** @throws HttpProblem `precondition_failed`, since a stream has no entity tag, or `too_many_streams` */
function admitStream(req: Request, res: Response, streams?: StreamLimit): void {
  requireMatch(req, undefined);
  streams?.enter(String(inputOf(res).caller?.userId), res);
}

/** None while nobody knows: what was asked for is done all the same. */
async function latestVersion(cache: CachePort): Promise<Record<string, string>> {
  try {
    return { 'Lockstep-Version': `${await cache.latest()}` };
  } catch {
    return {};
  }
}
