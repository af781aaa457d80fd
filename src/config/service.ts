import { setInterval } from 'node:timers';
import type { Container } from 'inversify';
import { pino } from 'pino';
import { createApp } from '../adapters/http/app.js';
import { TokenVerifier } from '../adapters/http/auth/token-verifier.js';
import { createRegistry } from '../adapters/http/http-metrics.js';
import { HttpServer } from '../adapters/http/http-server.js';
import { eventSchema } from '../adapters/queue/events/event-schema.js';
import { AnswerLog } from '../domain/ports/answer-repository.js';
import { CachePort } from '../domain/ports/cache-port.js';
import { Clock } from '../domain/ports/clock.js';
import { HealthCheck } from '../domain/ports/health-check.js';
import { CacheMetrics } from './cache-metrics.js';
import { createContainer } from './container.js';
import { sweepRegularly } from './expiry-sweeping.js';
import { forgetRegularly } from './forgetting.js';
import { countLikesRegularly } from './like-counting.js';
import { LockMetrics } from './lock-metrics.js';
import { measureOrderQueue } from './order-queue-measuring.js';
import { OrderQueueMetrics } from './order-queue-metrics.js';
import { followOrderRequests } from './order-request-following.js';
import { relayOutbox } from './outbox-relays.js';
import { PaymentMetrics } from './payment-metrics.js';
import { settleCardPayments } from './payment-settling.js';
import { QueueConsumers } from './queue-consumers.js';
import { rankRegularly } from './ranking-schedule.js';
import type { RunFailure } from './repeatedly.js';
import { routesOf } from './routes.js';
import type { Settings } from './settings.js';
import { monitorStaleness } from './staleness-monitoring.js';
import { tokenRules } from './token-rules.js';
import { version } from './version.js';

/** How often expired idempotency keys are removed, in milliseconds. */
const PURGE_EVERY_MS = 60_000;

/** A running instance. */
export interface Service {
  readonly url: string;
  readonly container: Container;
  /** Finishes the requests under way, gives leases back, and closes every connection. */
  stop(): Promise<void>;
}

/** Starts one instance; when it fails, what was opened is closed again. */
export async function startService(settings: Settings): Promise<Service> {
  const logger = pino({ level: settings.LOG_LEVEL, base: { instance: settings.INSTANCE_ID } });
  const resources = new AsyncDisposableStack();
  try {
    const metrics = createRegistry(settings.INSTANCE_ID);
    const payments = new PaymentMetrics(metrics, logger);
    const queueMetrics = new OrderQueueMetrics(metrics);
    const observers = {
      lock: new LockMetrics(metrics),
      cache: new CacheMetrics(metrics),
      payments,
      settlements: queueMetrics.settled.bind(queueMetrics),
    };
    const container = await createContainer(settings, logger, resources, observers);
    await monitorStaleness(container, settings, metrics, resources);
    // What fails again and again, as while Redis is away, is said once.
    const warn =
      (what: string): RunFailure =>
      (error, again) => {
        if (!again) logger.warn({ err: error }, what);
      };
    const likes = countLikesRegularly(container, settings, metrics, warn('likes are not counted'));
    resources.defer(() => likes.stop());
    const popular = warn('popular items are not computed');
    const rankings = rankRegularly(container, settings, metrics, popular);
    resources.defer(() => rankings.stop());
    const measuring = measureOrderQueue(
      container,
      settings,
      queueMetrics,
      warn('the queue is not measured'),
    );
    resources.defer(() => measuring.stop());
    const sweeping = sweepRegularly(container, settings, metrics, logger);
    resources.defer(() => sweeping.stop());
    const forgetting = forgetRegularly(
      container,
      settings,
      (requests) => queueMetrics.forgot(requests),
      warn('settled order requests are kept'),
    );
    // Before the duty is laid down.
    resources.defer(() => forgetting.stop());
    const settling = settleCardPayments(container, settings, payments);
    resources.defer(() => settling.stop());
    const relay = relayOutbox(container, settings, warn('the outbox is not relayed'));
    resources.defer(() => relay.stop());
    const consumers = container.get(QueueConsumers);
    consumers.start();
    resources.defer(() => consumers.stop());
    const requests = followOrderRequests(
      container,
      settings,
      warn('order requests are not followed'),
    );
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
    });
    const server = new HttpServer(app);
    const { address, port } = await server.listen({ host: settings.HOST, port: settings.PORT });
    // Closed first: what the requests under way need must outlive them.
    resources.defer(() => server.close(settings.SHUTDOWN_GRACE_MS, settings.SHUTDOWN_DRAIN_MS));
    // Before the server waits for them: a stream that has not ended would be waited for in vain.
    resources.defer(() => requests.stop());
    resources.defer(purgeRegularly(container, (error) => logger.warn({ err: error }, 'purge')));
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

function purgeRegularly(container: Container, onError: (error: unknown) => void): () => void {
  const answers = container.get(AnswerLog);
  const clock = container.get(Clock);
  const purge = () => void answers.purge(clock.now()).catch(onError);
  const timer = setInterval(purge, PURGE_EVERY_MS);
  return () => clearInterval(timer);
}
