import type { Express, Request, RequestHandler, Response } from 'express';
import { authenticate } from './auth/authenticate.js';
import type { TokenVerifier } from './auth/token-verifier.js';
import { ClientGoneError } from './client-gone-error.js';
import { onceFor } from './idempotency.js';
import { methodsOnly } from './methods-only.js';
import { type AnyRoute, isIdempotent, type Reply } from './route.js';
import { parseBody, parseQuery, pathId } from './validation.js';

/** Serves the routes, and answers 405 with `Allow` for their paths' other methods. */
export function mountRoutes(
  app: Express,
  routes: readonly AnyRoute[],
  tokens: TokenVerifier,
): void {
  for (const route of routes) app[route.method](expressPath(route), serve(route, tokens));
  for (const [path, known] of Map.groupBy(routes, expressPath)) {
    app.all(path, methodsOnly(known.map((route) => route.method.toUpperCase())));
  }
}

function expressPath(route: AnyRoute): string {
  return route.path.replace(/\{(\w+)\}/g, ':$1');
}

function serve(route: AnyRoute, tokens: TokenVerifier): RequestHandler {
  return async (req, res) => {
    res.locals.route = route.path;
    const signal = hangUp(res);
    const caller = await authenticate(req, route.access, tokens);
    const id = pathId(req, route);
    const query = parseQuery(req, route.query);
    const body = parseBody(req, route.body);
    const asked = [route.method, route.path, id, body ?? null];
    const once = caller && isIdempotent(route) ? onceFor(req, res, caller, asked) : undefined;
    const scope = { once, signal };
    const header = (name: string) => req.get(name);
    send(req, res, route, await route.handle({ id, query, body, caller, scope, header }));
  };
}

function send(req: Request, res: Response, route: AnyRoute, { body, headers }: Reply): void {
  // Fetch sends `no-cache` with a condition of its own; that speaks to caches on the way (RFC
  // 9111, section 5.2.1.4), but Express takes it as a wish to have the body again.
  if (req.get('if-none-match') !== undefined) delete req.headers['cache-control'];
  res.status(route.success.status).set(headers ?? {});
  if (body === undefined) res.end();
  else res.json(body);
}

/** Aborts when the client goes away before its answer: what waits for a lock need not go on. */
function hangUp(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) controller.abort(new ClientGoneError());
  });
  return controller.signal;
}
