import { z } from 'zod';
import type { DomainEvent, OrderFacts, StockFacts } from '../../../domain/events/domain-event.js';
import type { StockChangeReason } from '../../../domain/stock/stock.js';

/** Id of an order or a product. */
export const thingId = z.uuid().meta({ id: 'id' });

/** RFC 3339. */
export const time = z.iso
  .datetime({ precision: 3 })
  .meta({ id: 'time', description: 'In UTC, with milliseconds.' });

const points = z.int().min(0).meta({ description: 'Points (KRW, no fraction).' });
const units = z.int().min(0);

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
  description: 'Version of the order or the stock; its next event has the next version.',
});

const OrderData = z
  .object({
    orderId: thingId,
    version,
    userId: z.string().min(1),
    items: z
      .array(z.object({ productId: thingId, quantity: z.int().min(1), unitPrice: points }))
      .min(1),
    total: points,
    createdAt: time,
    expiresAt: time,
  })
  .meta({ description: 'The order after the change.' }) satisfies z.ZodType<OrderFacts>;

const StockData = z
  .object({
    productId: thingId,
    version,
    available: units.meta({ description: 'Units that can be sold.' }),
    held: units.meta({ description: 'Units held by reservations.' }),
    reason: z.enum(REASONS),
    quantity: units.meta({ description: 'Units of the change.' }),
  })
  .meta({ description: 'The stock after the change.' }) satisfies z.ZodType<StockFacts>;

/** The data of each event type. */
export const DATA_SCHEMAS = {
  'order.placed': OrderData.meta({ id: 'order.placed' }),
  'order.paid': OrderData.meta({ id: 'order.paid' }),
  'order.cancelled': OrderData.meta({ id: 'order.cancelled' }),
  'order.expired': OrderData.meta({ id: 'order.expired' }),
  'stock.changed': StockData.meta({ id: 'stock.changed' }),
} as const satisfies Record<DomainEvent['type'], z.ZodType>;

export const EVENT_TYPES = Object.keys(DATA_SCHEMAS) as DomainEvent['type'][];
