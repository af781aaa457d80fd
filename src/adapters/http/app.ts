import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { CachePort } from '../../domain/ports/cache-port.js';
import type { TokenVerifier } from './auth/token-verifier.js';
import { ClientGoneError } from './client-gone-error.js';
import { httpMetrics } from './http-metrics.js';
import { mountRoutes } from './mount-routes.js';
import { openApiDocument } from './openapi-document.js';
import { mountOperatorRoutes, type Operations } from './operator-routes.js';
import { HttpProblem, STATUS, sendProblem } from './problem.js';
import { problemOf } from './problem-of.js';
import { requestContext } from './request-context.js';
import { requestLog } from './request-log.js';
import type { AnyRoute } from './route.js';

export interface AppParts {
  readonly routes: readonly AnyRoute[];
  readonly tokens: TokenVerifier;
  readonly cache: CachePort;
  readonly operations: Operations;
  readonly logger: Logger;
  /** Name of this instance, answered as `X-Instance`. */
  readonly instance: string;
  readonly version: string;
  /** Whose word on the client's address is taken. */
  readonly trustedProxies?: readonly string[] | undefined;
}

/** The largest body taken, in bytes. */
const MAX_BODY = 64 * 1024;

/** The service as an Express application. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.set('etag', 'strong');
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.disable('x-powered-by');
  app.set('trust proxy', parts.trustedProxies ?? false);
  app.use(requestContext(parts.instance));
  app.use(requestLog(parts.logger));
  app.use(httpMetrics(parts.operations.metrics));
  app.use(secureHeaders());
  app.use(requireHost);
  mountOperatorRoutes(app, parts.operations, openApiDocument(parts.routes, parts.version));
  app.use(express.json({ limit: MAX_BODY, type: 'application/json' }));
  mountRoutes(app, parts.routes, parts);
  app.use(() => {
    throw new HttpProblem('not_found', 'There is nothing at this address.');
  });
  app.use(answerError(parts.logger));
  return app;
}

/** Helmet's headers, but the pages of this service may be read over plain HTTP, as on loopback. */
function secureHeaders() {
  return helmet({
    contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } },
  });
}

/** RFC 9112, section 3.2. Node would refuse it too, but without a body. */
const requireHost: RequestHandler = (req, _res, next) => {
  if (req.httpVersion === '1.1' && req.headers.host === undefined) {
    throw new HttpProblem('malformed_request', 'An HTTP/1.1 request names its host.');
  }
  next();
};

function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    if (error instanceof ClientGoneError) return;
    const problem = problemOf(error);
    if (problem.code === 'resource_busy') {
      logger.warn({ requestId: req.id }, 'resource busy');
    } else if (STATUS[problem.code] >= 500) {
      logger.error({ err: error, requestId: req.id, code: problem.code }, 'request failed');
    }
    // Once the answer has begun, all that is left is to break it off.
    if (res.headersSent) res.destroy();
    else sendProblem(res, problem);
  };
}
