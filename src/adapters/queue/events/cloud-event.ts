import { z } from 'zod';
import type { DomainEvent } from '../../../domain/events/domain-event.js';
import { DATA_SCHEMAS, EVENT_TYPES, thingId, time } from './event-data.js';

/** Id of the schema in `docs/events.schema.json`; a change that breaks readers needs a new id. */
export const SCHEMA_ID = 'urn:lockstep:events:1';

const common = {
  specversion: z.literal('1.0'),
  id: z
    .uuidv7()
    .meta({ description: 'Id of the event; an event that is delivered again has the same id.' }),
  source: z.string().min(1).meta({
    description: 'URI reference of the database; source and id together are unique.',
  }),
  time,
  subject: thingId,
  datacontenttype: z.literal('application/json'),
};

const variants = EVENT_TYPES.map((type) =>
  z.object({
    ...common,
    type: z.literal(type),
    dataschema: z.literal(dataSchemaOf(type)),
    data: DATA_SCHEMAS[type],
  }),
);

/** A published event: CloudEvents 1.0 in JSON. */
export const CloudEvent = z.union(variants).meta({ title: 'Events of Lockstep' });

export function encodeEvent(event: DomainEvent, source: string): string {
  const { id, type, occurredAt, key, data } = event;
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type,
    time: occurredAt,
    subject: key,
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(type),
    data,
  });
}

/** Returns undefined for a wrong format, because other programs may write to the topic. */
export function readEvent(value: Buffer | undefined): DomainEvent | undefined {
  const { data: event } = CloudEvent.safeParse(jsonIn(value));
  if (!event) return undefined;
  const { id, type, time: occurredAt, subject: key, data } = event;
  // The schema pairs each type with its data.
  return { id, type, occurredAt, key, data } as DomainEvent;
}

function dataSchemaOf(type: DomainEvent['type']): string {
  return `${SCHEMA_ID}#/$defs/${type}`;
}

function jsonIn(value: Buffer | undefined): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}
