import { z } from 'zod';
import type { DomainEvent, OrderFacts, StockFacts } from '../../../domain/domain-event.js';
import type { StockChangeReason } from '../../../domain/stock.js';

const id = z.uuid();
const points = z.int().min(0).meta({ description: 'Points (KRW, no fraction).' });
const units = z.int().min(0);
const time = z.iso.datetime({ precision: 3 });

const REASONS = [
  'opened',
  'restocked',
  'taken',
  'held',
  'confirmed',
  'freed',
  'returned',
] as const satisfies readonly StockChangeReason[];

const version = z.int().min(1).meta({
  description: 'Of the thing the event is about; its next event has the next one.',
});

const OrderData = z
  .object({
    orderId: id,
    version,
    userId: z.string().min(1),
    items: z.array(z.object({ productId: id, quantity: z.int().min(1), unitPrice: points })).min(1),
    total: points,
    createdAt: time,
    expiresAt: time.meta({ description: 'From then on it can no longer be paid.' }),
  })
  .meta({ description: 'The order as it is since then.' }) satisfies z.ZodType<OrderFacts>;

const StockData = z
  .object({
    productId: id,
    version,
    available: units.meta({ description: 'Units that can be sold.' }),
    held: units.meta({ description: 'Units set aside by reservations.' }),
    reason: z.enum(REASONS),
    quantity: units.meta({ description: 'Units the change was about.' }),
  })
  .meta({ description: 'The stock as it is since then.' }) satisfies z.ZodType<StockFacts>;

/** What the events of each type tell. */
export const DATA_SCHEMAS = {
  'order.placed': OrderData,
  'order.paid': OrderData,
  'order.cancelled': OrderData,
  'order.expired': OrderData,
  'stock.changed': StockData,
} as const satisfies Record<DomainEvent['type'], z.ZodType>;

export const EVENT_TYPES = Object.keys(DATA_SCHEMAS) as DomainEvent['type'][];
