import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Backlog, OutboxChannel } from '../../domain/events/outbox.js';
import type { OrderRequestState } from '../../domain/orders/order-request.js';
import type { KafkaFigures } from '../queue/kafka/backlog-observer.js';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];
const OUTCOMES = ['confirmed', 'rejected', 'given_up'] as const;

/** Counts settled order requests and measures the backlog of the queue, for `/metrics`. */
export class OrderQueueMetrics {
  readonly #settlements: Counter<'outcome'>;
  readonly #duration: Histogram<'outcome'>;
  readonly #entries: Gauge<'channel'>;
  readonly #oldest: Gauge<'channel'>;
  readonly #lag: Gauge<'channel' | 'partition'>;
  readonly #deadLetters: Gauge<'channel'>;
  readonly #purgedRequests: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#settlements = new Counter({
      name: 'order_requests_settled_total',
      help: 'Order requests that this instance settled; given_up: each try to settle them failed',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of OUTCOMES) this.#settlements.inc({ outcome }, 0);
    this.#duration = new Histogram({
      name: 'order_settlement_seconds',
      help: 'Time from the acceptance of an order request to its settlement',
      labelNames: ['outcome'],
      buckets: SECONDS,
      registers,
    });
    const ofChannel = (name: string, help: string) =>
      new Gauge({ name, help, labelNames: ['channel'] as const, registers });
    this.#entries = ofChannel('outbox_entries', 'Messages of a channel that are not published yet');
    this.#oldest = ofChannel(
      'outbox_oldest_seconds',
      'Age of the oldest message of a channel that is not published yet; 0 without one',
    );
    this.#lag = new Gauge({
      name: 'kafka_consumergroup_lag',
      help: 'Messages of a partition that its consumer group has not settled yet',
      labelNames: ['channel', 'partition'],
      registers,
    });
    this.#deadLetters = ofChannel('dead_letters', 'Messages in the dead-letter topic of a channel');
    this.#purgedRequests = new Counter({
      name: 'order_requests_forgotten_total',
      help: 'Settled order requests that this instance removed because of their age',
      registers,
    });
  }

  settled(requests: readonly OrderRequestState[], now: Date): void {
    for (const { createdAt, ...request } of requests) {
      const outcome = outcomeOf(request);
      this.#settlements.inc({ outcome });
      this.#duration.observe({ outcome }, secondsBetween(createdAt, now));
    }
  }

  /** Undefined: the database did not answer. The metric is then NaN, and never an old figure. */
  measuredOutbox(channel: OutboxChannel, backlog: Backlog | undefined, now: Date): void {
    const { entries = Number.NaN, oldestAt } = backlog ?? {};
    const age = oldestAt ? secondsBetween(oldestAt, now) : 0;
    this.#entries.set({ channel }, entries);
    this.#oldest.set({ channel }, backlog ? age : Number.NaN);
  }

  /** Undefined: Kafka did not answer, or is not used. */
  measuredKafka(figures: KafkaFigures | undefined): void {
    this.#lag.reset();
    this.#deadLetters.reset();
    for (const [channel, { lag, deadLetters }] of figures ?? []) {
      for (const [partition, messages] of lag) {
        this.#lag.set({ channel, partition: String(partition) }, messages);
      }
      this.#deadLetters.set({ channel }, deadLetters);
    }
  }

  purged(requests: number): void {
    this.#purgedRequests.inc(requests);
  }
}

function secondsBetween(earlier: Date, now: Date): number {
  return Math.max(0, now.getTime() - earlier.getTime()) / 1_000;
}

function outcomeOf({ status, code }: Pick<OrderRequestState, 'status' | 'code'>) {
  if (status === 'CONFIRMED') return 'confirmed';
  return code === 'internal_error' ? 'given_up' : 'rejected';
}
