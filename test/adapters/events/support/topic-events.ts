import { expect } from 'chai';
import { readEvent } from '../../../../src/adapters/queue/events/cloud-event.js';
import type { DomainEvent } from '../../../../src/domain/events/domain-event.js';
import type { KafkaRecord, KafkaTopic } from '../../../support/kafka-topic.js';
import { eventSchemaFaults } from './event-schema-faults.js';

/** Every event in the topic, in the order of each partition. */
export async function topicEvents(topic: KafkaTopic): Promise<DomainEvent[]> {
  return (await topic.read()).map(eventOf);
}

/** Also expects the documented key, headers and value. */
function eventOf({ key, value, headers }: KafkaRecord): DomainEvent {
  expect(eventSchemaFaults(value)).to.deep.equal([]);
  const event = readEvent(Buffer.from(value)) as DomainEvent;
  const { source } = JSON.parse(value);
  expect(source).to.match(/^\/lockstep\/[\da-f-]{36}$/);
  expect(key).to.equal(event.key);
  expect(headers).to.deep.equal({
    'content-type': 'application/cloudevents+json; charset=UTF-8',
    ce_specversion: '1.0',
    ce_id: event.id,
    ce_source: source,
    ce_type: event.type,
    ce_time: event.occurredAt,
    ce_subject: event.key,
  });
  return event;
}
