import type { DomainEvent } from '../../../domain/events/domain-event.js';
import { EventStream } from '../../../domain/events/outbox.js';
import { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import { encodeEvent } from '../events/cloud-event.js';
import type { KafkaProducer, OutgoingRecord } from './kafka-producer.js';
import type { KafkaSettings } from './kafka-settings.js';
import { ensureTopic } from './kafka-topics.js';

/**
 * Publishes events to a topic, keyed by order or product: CloudEvents in structured mode (Kafka
 * protocol binding 1.0.2, section 3.3). The headers of the binary mode are added for filters.
 */
export class KafkaEventStream extends EventStream {
  #topicExists = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly producer: KafkaProducer,
    private readonly topic: string,
    /** URI reference of the source of the events. */
    private readonly source: string,
  ) {
    super();
  }

  /** Other systems may read the topic. */
  override hasConsumer(): boolean {
    return true;
  }

  override async publish(events: readonly DomainEvent[]): Promise<void> {
    await this.#ensureTopic();
    const records = events.map((event) => this.#recordOf(event));
    await this.producer.send(this.topic, records);
  }

  /** Creates the topic here, because there may be no consumer that would create it. */
  async #ensureTopic(): Promise<void> {
    if (this.#topicExists) return;
    try {
      await ensureTopic(this.settings, this.topic);
    } catch (error) {
      throw new DependencyUnavailableError('kafka', error);
    }
    this.#topicExists = true;
  }

  #recordOf(event: DomainEvent): OutgoingRecord {
    return {
      key: event.key,
      value: encodeEvent(event, this.source),
      headers: {
        'content-type': 'application/cloudevents+json; charset=UTF-8',
        ce_specversion: '1.0',
        ce_id: event.id,
        ce_source: this.source,
        ce_type: event.type,
        ce_time: event.occurredAt,
        ce_subject: event.key,
        ...event.trace,
      },
    };
  }
}
