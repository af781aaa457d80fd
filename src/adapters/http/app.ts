import express, {
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
  type Router,
} from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { CachePort } from '../../domain/ports/cache-port.js';
import type { TokenVerifier } from './auth/token-verifier.js';
import { mountRoutes } from './mount-routes.js';
import { openApiDocument } from './openapi/openapi-document.js';
import { httpMetrics } from './operations/http-metrics.js';
import { mountOperatorRoutes, type Operations } from './operations/operator-routes.js';
import { type DependencyChange, ReadinessProbe } from './operations/readiness.js';
import { requestLog } from './operations/request-log.js';
import { jsonBody } from './requests/json-body.js';
import { queryParameters } from './requests/query-string.js';
import { wellFormed } from './requests/well-formed.js';
import { ClientGoneError } from './responses/client-gone-error.js';
import { HttpProblem, STATUS, sendProblem } from './responses/problem.js';
import { problemOf } from './responses/problem-of.js';
import { requestContext } from './responses/request-context.js';
import type { StreamLimit } from './responses/stream-limit.js';
import type { AnyRoute } from './route.js';

export interface AppParts {
  readonly routes: readonly AnyRoute[];
  readonly tokens: TokenVerifier;
  readonly cache: CachePort;
  readonly operations: Operations;
  readonly logger: Logger;
  /** Name of this instance, sent as `X-Instance`. */
  readonly instance: string;
  readonly version: string;
  /** Addresses of the proxies whose X-Forwarded-For is used. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Without this the number of event streams has no limit. */
  readonly streams?: StreamLimit;
  /** Without this there is no lab. */
  readonly lab?: Router | undefined;
}

/** Creates the service as an Express application. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.set('etag', 'strong');
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.disable('x-powered-by');
  app.set('trust proxy', parts.trustedProxies ?? false);
  app.set('query parser', queryParameters);
  app.use(requestContext(parts.instance));
  app.use(requestLog(parts.logger));
  app.use(httpMetrics(parts.operations.metrics));
  app.use(secureHeaders());
  app.use(wellFormed);
  const readiness = new ReadinessProbe(parts.operations.checks, logReadiness(parts.logger));
  const document = openApiDocument(parts.routes, parts.version);
  mountOperatorRoutes(app, parts.operations, readiness, document);
  if (parts.lab) app.use('/lab', parts.lab);
  app.use(jsonBody());
  mountRoutes(app, parts.routes, parts);
  app.use(() => {
    throw new HttpProblem('not_found', 'There is no resource at this URL.');
  });
  app.use(respondToError(parts.logger));
  return app;
}

/**
 * Adds Helmet's headers. The service also runs over plain HTTP, for example on the loopback address.
 * Over plain HTTP there is no Strict-Transport-Security (RFC 6797, section 7.2).
 */
function secureHeaders(): RequestHandler {
  const contentSecurityPolicy = { directives: { 'upgrade-insecure-requests': null } };
  const overTls = helmet({ contentSecurityPolicy });
  const plain = helmet({ contentSecurityPolicy, strictTransportSecurity: false });
  return (req, res, next) => (req.secure ? overTls : plain)(req, res, next);
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
      logger.warn({ requestId: req.id }, 'resource busy');
    } else if (STATUS[problem.code] >= 500) {
      logger.error({ err: error, requestId: req.id, code: problem.code }, 'request failed');
    }
    // After the response has begun, the only way to report an error is to close the connection.
    if (res.headersSent) res.destroy();
    else sendProblem(res, problem);
  };
}
