import type { Container } from 'inversify';
import { createApp } from '../adapters/http/app.js';
import { TokenVerifier } from '../adapters/http/auth/token-verifier.js';
import { HttpServer } from '../adapters/http/http-server.js';
import { countCutOffs, createRegistry } from '../adapters/http/operations/http-metrics.js';
import { StreamLimit } from '../adapters/http/responses/stream-limit.js';
import { eventSchema } from '../adapters/queue/events/event-schema.js';
import { CacheMetrics } from '../adapters/telemetry/cache-metrics.js';
import { LockMetrics } from '../adapters/telemetry/lock-metrics.js';
import { OrderQueueMetrics } from '../adapters/telemetry/order-queue-metrics.js';
import { PaymentMetrics } from '../adapters/telemetry/payment-metrics.js';
import { CachePort } from '../domain/ports/cache-port.js';
import { HealthCheck } from '../domain/ports/health-check.js';
import { createContainer } from './container.js';
import { followOrderRequests } from './jobs/follow-order-requests-job.js';
import { beginBackgroundWork } from './jobs/start-jobs.js';
import { listen } from './listen.js';
import { createLogger } from './logger.js';
import { routesOf } from './routes.js';
import { httpLimitsOf } from './settings/http-limits-of.js';
import type { Settings } from './settings/settings.js';
import { tokenRules } from './settings/token-rules.js';
import { version } from './version.js';

/** A running instance. */
export interface Service {
  readonly url: string;
  readonly container: Container;
  /** Finishes the requests under way, gives leases back, and closes every connection. */
  stop(): Promise<void>;
}

/** Starts one instance; when it fails, what was opened is closed again. */
export async function startService(settings: Settings): Promise<Service> {
  const base = { instance: settings.INSTANCE_ID };
  const logger = createLogger({ level: settings.LOG_LEVEL, base });
  const resources = new AsyncDisposableStack();
  try {
    const metrics = createRegistry(settings.INSTANCE_ID);
    const payments = new PaymentMetrics(metrics, logger);
    const queue = new OrderQueueMetrics(metrics);
    const cache = new CacheMetrics(metrics);
    const observers = {
      lock: new LockMetrics(metrics),
      cache,
      staleness: cache.staleness,
      payments,
      settlements: queue.settled.bind(queue),
    };
    const container = await createContainer(settings, logger, resources, observers);
    beginBackgroundWork({ container, settings, metrics, payments, queue, logger }, resources);
    const requests = followOrderRequests(container, settings, (error, again) => {
      if (!again) logger.warn({ err: error }, 'order requests are not followed');
    });
    let stopping = false;
    const app = createApp({
      routes: routesOf(container, settings),
      tokens: new TokenVerifier(tokenRules(settings)),
      cache: container.get(CachePort),
      operations: {
        checks: container.getAll(HealthCheck),
        metrics,
        isStopping: () => stopping,
        eventSchema: eventSchema(),
      },
      logger,
      instance: settings.INSTANCE_ID,
      version,
      trustedProxies: settings.TRUSTED_PROXIES,
      streams: new StreamLimit({
        ofInstance: settings.ORDER_STREAMS_MAX,
        ofUser: settings.ORDER_STREAMS_MAX_PER_USER,
      }),
    });
    const server = new HttpServer(app, {
      limits: httpLimitsOf(settings),
      instance: settings.INSTANCE_ID,
      onCutOff: countCutOffs(metrics),
    });
    const { address, port } = await listen(server, settings);
    // Closed first: what the requests under way need must outlive them.
    resources.defer(() => server.close(settings.SHUTDOWN_GRACE_MS, settings.SHUTDOWN_DRAIN_MS));
    // Before the server waits for them: a stream that has not ended would be waited for in vain.
    resources.defer(() => requests.stop());
    return {
      url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
      container,
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
