import type { RequestHandler, Response } from 'express';
import type { CachePort } from '../../../domain/ports/cache-port.js';
import { authenticate } from '../auth/authenticate.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { cacheControlOf } from '../caching/cache-control.js';
import { minimumVersionOf, requireIssuedVersion } from '../caching/minimum-version.js';
import { onceFor } from '../requests/idempotency.js';
import { refuseConditions } from '../requests/preconditions.js';
import { parseBody, parseQuery, pathId } from '../requests/validation.js';
import { ClientGoneError } from '../responses/client-gone-error.js';
import { type AnyRoute, type Input, isIdempotent } from '../route.js';
import type { OpenRequestLimit } from './open-request-limit.js';
import type { RateLimits } from './rate-limits.js';

// biome-ignore lint/suspicious/noExplicitAny: the route knows the types of its own schemas
type AnyInput = Input<any, any, any>;

interface AdmissionParts {
  readonly tokens: TokenVerifier;
  readonly cache: CachePort;
  /** Without this a user may send any number of requests. */
  readonly rateLimits?: RateLimits | undefined;
  /** Without this a user may have any number of open writes. */
  readonly writes?: OpenRequestLimit | undefined;
}

/** Authenticates, counts and validates a request before it goes to its route. */
export function admit(route: AnyRoute, parts: AdmissionParts): RequestHandler {
  const { tokens, cache, rateLimits, writes } = parts;
  const cacheControl = cacheControlOf(route);
  return async (req, res, next) => {
    res.route = route.path;
    res.setHeader('Cache-Control', cacheControl);
    const caller = await authenticate(req, route.access, tokens);
    if (caller) rateLimits?.requireUser(req, res, caller);
    if (caller && route.method !== 'get') writes?.enter(caller.userId, res);
    const id = pathId(req, route);
    const query = parseQuery(req, route.query);
    const body = parseBody(req, route.body);
    const minimumVersion = route.cache && minimumVersionOf(req);
    refuseConditions(req, route);
    if (minimumVersion !== undefined) await requireIssuedVersion(cache, minimumVersion);
    const asked = [route.method, route.path, id, body ?? null];
    const once = caller && isIdempotent(route) ? onceFor(req, res, caller, asked) : undefined;
    const invalidated = (number: number) => res.set('Lockstep-Version', `${number}`);
    let signal: AbortSignal | undefined;
    const scope = {
      once,
      invalidated,
      /** Created at the first read, because most requests do not need it. */
      get signal() {
        signal ??= abortOnDisconnect(res);
        return signal;
      },
    };
    const header = (name: string) => req.get(name);
    const accepts = (types: string[]) => req.accepts(types) || undefined;
    const input: AnyInput = { id, query, body, caller, scope, minimumVersion, header, accepts };
    res.locals.input = input;
    next();
  };
}

/** The validated input that `admit` stored for the route. */
export function inputOf(res: Response): AnyInput {
  return res.locals.input;
}

/** Aborts when the client disconnects before its response, so that a wait for a lock can end. */
function abortOnDisconnect(res: Response): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    if (!res.writableFinished) controller.abort(new ClientGoneError());
  };
  if (res.closed) abort();
  else res.on('close', abort);
  return controller.signal;
}
