import { setTimeout as after } from 'node:timers/promises';
import { type Express, static as serveStatic } from 'express';
import type { Registry } from 'prom-client';
import { absolutePath } from 'swagger-ui-dist';
import type { HealthCheck } from '../../domain/ports/health-check.js';
import { sendJson } from './caching/send-json.js';
import { methodsOnly } from './methods-only.js';

export interface Operations {
  readonly checks: readonly HealthCheck[];
  readonly metrics: Registry;
  /** True once the instance is stopping: it is alive, but wants no new traffic. */
  readonly isStopping: () => boolean;
  /** The JSON Schema of the events, for those who read them. */
  readonly eventSchema: object;
}

/** A dependency that has not answered within this time counts as down, in milliseconds. */
const CHECK_MS = 1000;

const PATHS = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/events.schema.json', '/docs'];

/** What operators and developers look at: liveness, readiness, metrics, the contracts. */
export function mountOperatorRoutes(app: Express, operations: Operations, document: object): void {
  app.use(PATHS, methodsOnly(['GET']));
  app.get('/healthz', (req, res) => {
    sendJson(req, res, JSON.stringify({ status: 'ok' }));
  });
  app.get('/readyz', async (_req, res) => {
    const states = await Promise.all(operations.checks.map(stateOf));
    const status = operations.isStopping() ? 'stopping' : readiness(states);
    const dependencies = Object.fromEntries(
      states.map(({ check, up }) => [check.dependency, { status: up ? 'up' : 'down' }]),
    );
    const takesTraffic = status === 'ready' || status === 'degraded';
    res.status(takesTraffic ? 200 : 503).json({ status, dependencies });
  });
  app.get('/metrics', async (_req, res) => {
    res.type(operations.metrics.contentType).send(await operations.metrics.metrics());
  });
  app.get('/openapi.json', (req, res) => {
    sendJson(req, res, JSON.stringify(document));
  });
  app.get('/events.schema.json', (req, res) => {
    sendJson(req, res, JSON.stringify(operations.eventSchema), 'application/schema+json');
  });
  app.get('/docs/swagger-initializer.js', (_req, res) => {
    res.type('text/javascript').send(INITIALIZER);
  });
  app.use('/docs', serveStatic(absolutePath()));
}

/** Swagger UI reads the document from here in place of its own sample. */
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

interface DependencyState {
  readonly check: HealthCheck;
  readonly up: boolean;
}

/** Degraded instances stay in traffic: taking all of them out would turn a slow day into none. */
function readiness(states: readonly DependencyState[]): 'ready' | 'degraded' | 'not_ready' {
  const down = states.filter(({ up }) => !up);
  if (down.length === 0) return 'ready';
  return down.some(({ check }) => check.required) ? 'not_ready' : 'degraded';
}

async function stateOf(check: HealthCheck): Promise<DependencyState> {
  try {
    const late = after(CHECK_MS, undefined, { ref: false }).then(() => {
      throw new Error(`no answer within ${CHECK_MS} ms`);
    });
    await Promise.race([check.check(), late]);
    return { check, up: true };
  } catch {
    return { check, up: false };
  }
}
