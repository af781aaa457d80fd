import { z } from 'zod';
import type { DomainEvent } from '../../../domain/events/domain-event.js';
import { DATA_SCHEMAS, EVENT_TYPES, thingId, time } from './event-data.js';

/** Names the document that `docs/events.schema.json` is; a change that breaks readers gets a new one. */
export const SCHEMA_ID = 'urn:lockstep:events:1';

const common = {
  specversion: z.literal('1.0'),
  id: z.uuidv7().meta({ description: 'Of the event: one that comes again has the same.' }),
  source: z.string().min(1).meta({
    description: 'URI reference of the database it happened in; with the id it is unique.',
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

/** An event as it travels: CloudEvents 1.0 in JSON. */
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

/** Undefined when it is no event of ours, as anyone may write to a topic. */
export function readEvent(value: Buffer | undefined): DomainEvent | undefined {
  const { data: event } = CloudEvent.safeParse(jsonIn(value));
  if (!event) return undefined;
  const { id, type, time: occurredAt, subject: key, data } = event;
  // The variants pair each type with its data.
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
