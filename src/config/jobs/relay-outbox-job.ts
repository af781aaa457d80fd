import type { Container } from 'inversify';
import { OutboxSignal } from '../../adapters/jobs/outbox-signal.js';
import {
  type Repetition,
  type RunFailure,
  runPeriodically,
} from '../../adapters/jobs/run-periodically.js';
import { RelayOutbox } from '../../application/events/relay-outbox.js';
import {
  EventStream,
  type OutboxChannel,
  type OutboxPublisher,
  OutboxQueries,
} from '../../domain/events/outbox.js';
import { OrderQueue } from '../../domain/orders/order-queue.js';
import { Clock } from '../../domain/ports/clock.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';
import { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { Settings } from '../settings/settings.js';

/**
 * Hands the outbox over, each channel by itself, so that none waits for the other's receivers.
 * Order requests leave when this instance wrote them, and else at intervals, as events always do:
 * nobody waits for those, and so they leave many at a time.
 */
export function relayOutbox(
  container: Container,
  settings: Settings,
  onError: RunFailure,
): Pick<Repetition, 'stop'> {
  const orders = relay(container, settings, container.get(OrderQueue), onError);
  const events = relay(container, settings, container.get(EventStream), onError);
  container.get(OutboxSignal).onCall(() => orders.runSoon());
  return {
    stop: async () => {
      await Promise.all([orders.stop(), events.stop()]);
    },
  };
}

function relay<C extends OutboxChannel>(
  container: Container,
  settings: Settings,
  publisher: OutboxPublisher<C>,
  onError: RunFailure,
): Repetition {
  const outbox = new RelayOutbox(
    container.get(UnitOfWork),
    container.get(OutboxQueries),
    publisher,
    container.get(Clock),
    { relay: container.get(IdGenerator).next(), leaseMs: settings.OUTBOX_LEASE_MS },
  );
  return runPeriodically(settings.OUTBOX_RELAY_MS, (stopped) => outbox.execute(stopped), onError);
}
