import type { RequestListener } from 'node:http';
import type { BlockList } from 'node:net';
import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import type { Logger } from 'pino';
import type { CachePort } from '../../domain/ports/cache-port.js';
import { ClientAddresses } from './admission/client-addresses.js';
import { Gate } from './admission/gate.js';
import type { OpenRequestLimit } from './admission/open-request-limit.js';
import { type RateLimitRules, RateLimits, type RateRefusal } from './admission/rate-limits.js';
import type { SharedCounts } from './admission/shared-counts.js';
import { tokenOf } from './auth/authenticate.js';
import type { TokenVerifier } from './auth/token-verifier.js';
import { EarlyHits } from './caching/early-hits.js';
import { handleRoutes } from './handle-routes.js';
import { openApiDocument } from './openapi/openapi-document.js';
import { observeRequests } from './operations/observe-requests.js';
import { mountOperatorRoutes, type Operations } from './operations/operator-routes.js';
import { type DependencyChange, ReadinessProbe } from './operations/readiness.js';
import type { MoreFields } from './operations/request-log.js';
import { queryParameters } from './requests/query-string.js';
import { requestIdOf } from './requests/request-id.js';
import { isForRoutes } from './requests/well-formed.js';
import { ClientGoneError } from './responses/client-gone-error.js';
import { CommonHeaders } from './responses/common-headers.js';
import { HttpProblem, STATUS, sendProblem } from './responses/problem.js';
import { problemOf } from './responses/problem-of.js';
import type { AnyRoute } from './route.js';

export interface AppParts {
  readonly routes: readonly AnyRoute[];
  readonly tokens: TokenVerifier;
  readonly cache: CachePort;
  readonly operations: Operations;
  readonly logger: Logger;
  /** Without this the log line of a request has no trace. */
  readonly logFields?: MoreFields | undefined;
  /** Name of this instance, sent as `X-Instance`. */
  readonly instance: string;
  readonly version: string;
  /** Addresses of the proxies whose X-Forwarded-For is used. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Without this the number of event streams has no limit. */
  readonly streams?: OpenRequestLimit;
  /** Without this the number of open writes has no limit. */
  readonly writes?: OpenRequestLimit;
  /** Without this no request is refused because of the load. */
  readonly load?: LoadLimits;
  /** Without this there is no lab. */
  readonly lab?: Router | undefined;
}

/** What limits the requests of clients, and of all together. */
interface LoadLimits {
  readonly rules: RateLimitRules;
  readonly shared: Pick<SharedCounts, 'add'>;
  /** Addresses without a rate limit. */
  readonly exempt: BlockList;
  readonly isOverloaded: () => boolean;
  readonly onRefused: (reason: RateRefusal | 'overload') => void;
}

/** Creates the service: what observes each request, the hits before the router, and the router. */
export function createApp(parts: AppParts): RequestListener {
  const app = express();
  app.set('trust proxy', parts.trustedProxies ?? false);
  const observe = observeRequests(parts.logger, parts.operations.metrics, parts.logFields);
  const headers = new CommonHeaders(parts.instance, app.get('trust proxy fn'));
  const hits = new EarlyHits(headers);
  const gate = parts.load && createGate(app, parts, parts.load, headers);
  addHandlers(app, { ...parts, rateLimits: gate?.rateLimits }, headers, hits);
  return (req, res) => {
    req.id = requestIdOf(req);
    observe(req, res);
    if (gate?.refuses(req, res)) return;
    if (!hits.respond(req, res)) app(req, res);
  };
}

function createGate(app: Express, { tokens }: AppParts, load: LoadLimits, headers: CommonHeaders) {
  const rateLimits = new RateLimits({
    ...load,
    addresses: new ClientAddresses(app.get('trust proxy fn'), load.exempt),
    knownCaller: (req) => {
      const token = tokenOf(req);
      return token === undefined ? undefined : tokens.known(token);
    },
  });
  return new Gate({ ...load, headers, rateLimits, onShed: () => load.onRefused('overload') });
}

interface HandlerParts extends AppParts {
  readonly rateLimits: RateLimits | undefined;
}

function addHandlers(
  app: Express,
  parts: HandlerParts,
  headers: CommonHeaders,
  hits: EarlyHits,
): void {
  app.set('etag', 'strong');
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.disable('x-powered-by');
  app.set('query parser', queryParameters);
  headers.addTo(app);
  const routes = handleRoutes(parts.routes, { ...parts, hits });
  app.use((req, res, next) => {
    if (isForRoutes(req, res)) routes(req, res, next);
  });
  const readiness = new ReadinessProbe(parts.operations.checks, logReadiness(parts.logger));
  // Built at the first request for it, so that a start does not wait for it.
  const document = () => openApiDocument(parts.routes, parts.version);
  mountOperatorRoutes(app, parts.operations, readiness, document);
  if (parts.lab) app.use('/lab', parts.lab);
  app.use(() => {
    throw new HttpProblem('not_found', 'There is no resource at this URL.');
  });
  app.use(respondToError(parts.logger));
}

function logReadiness(logger: Logger): DependencyChange {
  return (dependency, reason) => {
    if (reason) logger.warn({ err: reason, dependency }, 'a dependency is down');
    else logger.warn({ dependency }, 'a dependency is up again');
  };
}

function respondToError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    if (error instanceof ClientGoneError) return;
    const problem = problemOf(error);
    if (problem.code === 'resource_busy') {
      logger.warn({ requestId: req.id }, 'a resource is busy');
    } else if (STATUS[problem.code] >= 500) {
      logger.error({ err: error, requestId: req.id, code: problem.code }, 'request failed');
    }
    // After the response has begun, the only way to report an error is to close the connection.
    if (res.headersSent) res.destroy();
    else sendProblem(res, problem);
  };
}
