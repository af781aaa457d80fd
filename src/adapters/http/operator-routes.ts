import { setTimeout as after } from 'node:timers/promises';
import { type Express, static as serveStatic } from 'express';
import type { Registry } from 'prom-client';
import { absolutePath } from 'swagger-ui-dist';
import type { HealthCheck } from '../../domain/ports/health-check.js';
import { methodsOnly } from './methods-only.js';

export interface Operations {
  readonly checks: readonly HealthCheck[];
  readonly metrics: Registry;
  /** True once the instance is stopping: it is alive, but wants no new traffic. */
  readonly isStopping: () => boolean;
}

/** A dependency that has not answered within this time counts as down, in milliseconds. */
const CHECK_MS = 1000;

/** What operators and developers look at: liveness, readiness, metrics, the contract. */
export function mountOperatorRoutes(app: Express, operations: Operations, document: object): void {
  app.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  app.get('/readyz', async (_req, res) => {
    const dependencies = Object.fromEntries(await Promise.all(operations.checks.map(stateOf)));
    const up = Object.values(dependencies).every(({ status }) => status === 'up');
    const status = operations.isStopping() ? 'stopping' : readiness(up);
    res.status(status === 'ready' ? 200 : 503).json({ status, dependencies });
  });
  app.get('/metrics', async (_req, res) => {
    res.type(operations.metrics.contentType).send(await operations.metrics.metrics());
  });
  app.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  app.get('/docs/swagger-initializer.js', (_req, res) => {
    res.type('text/javascript').send(INITIALIZER);
  });
  for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json']) {
    app.all(path, methodsOnly(['GET']));
  }
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

function readiness(up: boolean): 'ready' | 'not_ready' {
  return up ? 'ready' : 'not_ready';
}

async function stateOf(check: HealthCheck): Promise<[string, { status: 'up' | 'down' }]> {
  try {
    const late = after(CHECK_MS, undefined, { ref: false }).then(() => {
      throw new Error(`no answer within ${CHECK_MS} ms`);
    });
    await Promise.race([check.check(), late]);
    return [check.dependency, { status: 'up' }];
  } catch {
    return [check.dependency, { status: 'down' }];
  }
}
