import { z } from 'zod';
import { saslSettings } from './tls/sasl-settings.js';
import { tlsSettings } from './tls/tls-settings.js';
import { count, milliseconds, servers, type Values } from './values/values.js';

const topic = z
  .string()
  .max(200)
  .regex(/^[\w.-]+$/)
  .refine((name) => !/^\.\.?$/.test(name), { error: 'must be more than dots' });

/** Variables of the order queue, the outbox and Kafka. */
export const queueSettings = {
  KAFKA_BROKERS: servers,
  ...tlsSettings('KAFKA'),
  ...saslSettings,
  KAFKA_TOPIC: topic.default('lockstep.order-requests'),
  KAFKA_EVENTS_TOPIC: topic.optional(),
  KAFKA_PARTITIONS: count(8),
  KAFKA_SESSION_MS: milliseconds(10_000, 1_000),
  QUEUE_MEASURE_MS: milliseconds(5_000),
  OUTBOX_RELAY_MS: milliseconds(500),
  OUTBOX_LEASE_MS: milliseconds(5_000),
  ORDER_WATCH_MS: milliseconds(250),
};

/** What is wrong with these variables together; undefined when nothing is. */
export function queueProblem(values: Values<typeof queueSettings>): string | undefined {
  if (values.KAFKA_EVENTS_TOPIC !== values.KAFKA_TOPIC) return undefined;
  return 'KAFKA_EVENTS_TOPIC: must be another topic than KAFKA_TOPIC';
}
