import { type Express, static as serveStatic } from 'express';
import type { Registry } from 'prom-client';
// This path only; the index of the package would load the whole bundle of the page into the
// service.
import swaggerFolder from 'swagger-ui-dist/absolute-path.js';
import type { HealthCheck } from '../../../domain/ports/health-check.js';
import { sendJson } from '../caching/send-json.js';
import { methodsOnly } from '../requests/methods-only.js';
import type { Readiness, ReadinessProbe, Status } from './readiness.js';

export interface Operations {
  readonly checks: readonly HealthCheck[];
  readonly metrics: Registry;
  /** True while the instance stops: it is alive, but must get no new traffic. */
  readonly isStopping: () => boolean;
  /** True while the instance refuses all requests, because it has too many. */
  readonly isOverloaded?: () => boolean;
  /** The JSON Schema of the events. */
  readonly eventSchema: object;
}

const SCHEMA_TYPE = 'application/schema+json; charset=utf-8';

const PATHS = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/events.schema.json', '/docs'];

/** Adds the routes for operators and developers: liveness, readiness, metrics, the contracts. */
export function mountOperatorRoutes(
  app: Express,
  operations: Operations,
  readiness: ReadinessProbe,
  makeDocument: () => object,
): void {
  let document: string | undefined;
  app.use(PATHS, methodsOnly(['GET']));
  app.all('/', methodsOnly(['GET']));
  app.get('/', (_req, res) => {
    res.redirect('/docs');
  });
  app.get('/healthz', (req, res) => {
    sendJson(req, res, JSON.stringify({ status: 'ok' }));
  });
  app.get('/readyz', async (_req, res) => {
    const found = await readiness.check();
    const status = statusOf(operations, found);
    const dependencies = Object.fromEntries(
      [...found.dependencies].map(([name, isUp]) => [name, { status: isUp ? 'up' : 'down' }]),
    );
    const takesTraffic = status === 'ready' || status === 'degraded';
    res.status(takesTraffic ? 200 : 503).json({ status, dependencies });
  });
  app.get('/metrics', async (_req, res) => {
    res.type(operations.metrics.contentType).send(await operations.metrics.metrics());
  });
  app.get('/openapi.json', (req, res) => {
    document ??= JSON.stringify(makeDocument());
    sendJson(req, res, document);
  });
  app.get('/events.schema.json', (req, res) => {
    sendJson(req, res, JSON.stringify(operations.eventSchema), SCHEMA_TYPE);
  });
  app.get('/docs/swagger-initializer.js', (_req, res) => {
    res.type('text/javascript').send(INITIALIZER);
  });
  app.use('/docs', serveStatic(swaggerFolder()));
}

function statusOf(operations: Operations, found: Readiness): Status | 'stopping' | 'overloaded' {
  if (operations.isStopping()) return 'stopping';
  return operations.isOverloaded?.() ? 'overloaded' : found.status;
}

/** Makes Swagger UI show the document of this service instead of its sample. */
const INITIALIZER = `window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: 'StandaloneLayout',
  });
};
`;
