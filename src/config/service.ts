import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import type { Container } from 'inversify';
import type { Logger } from 'pino';
import { SharedCounts } from '../adapters/http/admission/shared-counts.js';
import { createApp } from '../adapters/http/app.js';
import { TokenVerifier } from '../adapters/http/auth/token-verifier.js';
import { HttpServer } from '../adapters/http/http-server.js';
import { countForcedCloses, createRegistry } from '../adapters/http/operations/http-metrics.js';
import { Job } from '../adapters/jobs/job.js';
import { ConnectionCounter } from '../adapters/persistence/sql/connections/connections-observer.js';
import { eventSchema } from '../adapters/queue/events/event-schema.js';
import { InterruptibleSubscriber } from '../adapters/redis/interruptible-subscriber.js';
import { measureConnections } from '../adapters/telemetry/database-metrics.js';
import { SettlementNotifier } from '../application/order-queue/settlement-notifier.js';
import { CachePort } from '../domain/ports/cache-port.js';
import { HealthCheck } from '../domain/ports/health-check.js';
import { admissionOf } from './admission.js';
import { createContainer } from './container.js';
import { openLab } from './lab.js';
import { createServiceLogger, logFormatOf } from './logger.js';
import { type JobsMetrics, jobsModule } from './modules/jobs-module.js';
import { QueueConsumers } from './modules/queue/queue-module.js';
import { Installation } from './modules/sql-bindings.js';
import type { Resources } from './resources.js';
import { routesOf } from './routes.js';
import { serviceMetrics } from './service-metrics.js';
import { httpLimitsOf } from './settings/http-settings.js';
import { type Settings, SettingsError } from './settings/settings.js';
import { tokenRules } from './settings/tokens/token-rules.js';
import { openTracing } from './tracing.js';

// Also found from a copy of the build in another folder.
const manifest = findPackageJSON('..', import.meta.url) ?? '';
const version: string = JSON.parse(readFileSync(manifest, 'utf8')).version;

/** A running instance. */
export interface Service {
  readonly url: string;
  readonly container: Container;
  /** A link that signs in to the lab once; undefined where the lab is off. */
  readonly labLink: string | undefined;
  /** Ends the requests under way, releases all leases and closes all connections. */
  stop(): Promise<void>;
}

/** Starts one instance. When the start fails, everything that was opened is closed. */
export async function startService(settings: Settings): Promise<Service> {
  const base = { instance: settings.INSTANCE_ID };
  // No span is exported before the logger exists.
  const tracing = await openTracing(settings, version, (failure) => logExport(logger, failure));
  const mixin = tracing && { mixin: () => tracing.ids() };
  const logger = await createServiceLogger(
    { level: settings.LOG_LEVEL, base, ...mixin },
    logFormatOf(settings, process.stdout.isTTY),
  );
  const resources = new AsyncDisposableStack();
  if (tracing) resources.defer(() => tracing.close());
  try {
    const metrics = createRegistry(settings.INSTANCE_ID);
    const { observers, ofJobs } = serviceMetrics(metrics, logger);
    const container = await createContainer(settings, logger, resources, { ...observers, tracing });
    measureConnections(metrics, container.get(ConnectionCounter));
    startJobs(container, settings, ofJobs, resources);
    const tokens = new TokenVerifier(tokenRules(settings));
    const installation = container.get(Installation);
    const bus = container.get(InterruptibleSubscriber, { optional: true });
    let url = '';
    const lab = openLab(settings, {
      tokens,
      metrics,
      bus,
      installation,
      logger,
      ownUrl: () => url,
    });
    const admission = admissionOf(settings, container.get(SharedCounts), metrics, resources);
    let stopping = false;
    const app = createApp({
      routes: routesOf(container, settings),
      tokens,
      cache: container.get(CachePort),
      operations: {
        checks: container.getAll(HealthCheck),
        metrics,
        isStopping: () => stopping,
        isOverloaded: admission.load.isOverloaded,
        eventSchema: eventSchema(),
      },
      logger,
      logFields: tracing && ((req) => tracing.requests.idsOf(req)),
      instance: settings.INSTANCE_ID,
      version,
      trustedProxies: settings.TRUSTED_PROXIES,
      ...admission,
      lab: lab?.router,
    });
    const server = new HttpServer(tracing?.requests.listener(app) ?? app, {
      limits: httpLimitsOf(settings),
      instance: settings.INSTANCE_ID,
      onForcedClose: countForcedCloses(metrics),
    });
    const { address, port } = await listen(server, settings);
    // The server closes before everything that a request under way still needs.
    resources.defer(() => server.close(settings.SHUTDOWN_GRACE_MS, settings.SHUTDOWN_DRAIN_MS));
    // The streams end first: the server waits for them.
    if (lab) resources.defer(() => lab.close());
    resources.defer(() => container.get(SettlementNotifier).stop());
    url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
    return {
      url,
      container,
      labLink: lab && `${url}/lab#code=${lab.code}`,
      stop: async () => {
        stopping = true;
        await resources.disposeAsync();
      },
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

/** Starts the jobs and the consumers. `resources` stop them, the last one first. */
function startJobs(
  container: Container,
  settings: Settings,
  metrics: JobsMetrics,
  resources: Resources,
): void {
  container.load(jobsModule(settings, metrics));
  for (const job of container.getAll(Job)) {
    job.start();
    resources.defer(() => job.stop());
  }
  const consumers = container.get(QueueConsumers);
  consumers.start();
  resources.defer(() => consumers.stop());
}

function logExport(logger: Logger, failure: Error | undefined): void {
  if (failure) logger.warn({ err: failure }, 'spans are lost: their receiver does not take them');
  else logger.warn('spans arrive at their receiver again');
}

const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be used by this process',
};

/** @throws SettingsError the server cannot listen there; the message names the setting */
async function listen(
  server: HttpServer,
  { HOST: host, PORT: port }: Pick<Settings, 'HOST' | 'PORT'>,
): Promise<{ readonly address: string; readonly port: number }> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const why = LISTEN_FAILURES[code];
    throw new SettingsError(
      why ? `PORT: ${host}:${port} ${why}` : `HOST: cannot listen on ${host} (${code || message})`,
      { cause: error },
    );
  }
}
