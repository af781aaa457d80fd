import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { encodeEvent, readEvent } from '../../../src/adapters/queue/events/cloud-event.js';
import type { DomainEvent } from '../../../src/domain/events/domain-event.js';
import { schemaFile, schemaText } from '../../../tools/events/schema-file.js';
import { eventSchemaFaults } from './support/event-schema-faults.js';

const productId = v7();

const EVENT: DomainEvent = {
  id: v7(),
  type: 'stock.changed',
  occurredAt: '2026-01-02T03:04:05.678Z',
  key: productId,
  data: { productId, version: 2, available: 9, held: 0, reason: 'taken', quantity: 1 },
};

/** The published event with one change. */
function changed(change: (event: Travelling) => void): string {
  const event: Travelling = JSON.parse(encodeEvent(EVENT, '/lockstep/x'));
  change(event);
  return JSON.stringify(event);
}

interface Travelling {
  [field: string]: unknown;
  data: Record<string, unknown>;
}

const BROKEN: Readonly<Record<string, (event: Travelling) => void>> = {
  'another type': (event) => {
    event['type'] = 'stock.sold';
  },
  "another type's data": (event) => {
    event['type'] = 'order.paid';
  },
  'no id': (event) => {
    delete event['id'];
  },
  'another version of CloudEvents': (event) => {
    event['specversion'] = '0.3';
  },
  'a time that is none': (event) => {
    event['time'] = 'yesterday';
  },
  'units below zero': (event) => {
    event.data['available'] = -1;
  },
  'no version': (event) => {
    delete event.data['version'];
  },
};

describe('The schema of events', () => {
  it('equals docs/events.schema.json; after a change run: node dist/tools/events/main.js', async () => {
    expect(await readFile(schemaFile, 'utf8')).to.equal(schemaText());
  });

  it('accepts an event unchanged, and accepts unknown fields of later versions', () => {
    const text = encodeEvent(EVENT, '/lockstep/x');
    expect(eventSchemaFaults(text)).to.deep.equal([]);
    expect(readEvent(Buffer.from(text))).to.deep.equal(EVENT);
    const later = changed((event) => {
      event['traceparent'] = 'x';
      event.data['colour'] = 'red';
    });
    expect(eventSchemaFaults(later)).to.deep.equal([]);
    expect(readEvent(Buffer.from(later))).to.deep.equal(EVENT);
  });

  for (const [what, change] of Object.entries(BROKEN)) {
    it(`refuses ${what}, as its reader does`, () => {
      const text = changed(change);
      expect(eventSchemaFaults(text)).not.to.be.empty;
      expect(readEvent(Buffer.from(text))).to.equal(undefined);
    });
  }

  it('has a reader that accepts nothing else as an event', () => {
    for (const text of ['', 'null', '[]', '7', '{}', '\0']) {
      expect(readEvent(Buffer.from(text))).to.equal(undefined);
    }
    expect(readEvent(undefined)).to.equal(undefined);
  });
});
