import { z } from 'zod';
import { Id, Instant, Points, Quantity, Version } from './primitives.js';

export const ReservationBody = z
  .object({
    id: Id,
    userId: z.string(),
    productId: Id,
    quantity: Quantity,
    unitPrice: Points.meta({ description: 'Points a unit costs when it is confirmed in time' }),
    status: z.enum(['HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED']),
    orderId: Id.nullable().meta({ description: 'The order made of it, once it is confirmed' }),
    expiresAt: Instant.meta({ description: 'Until then it can be confirmed' }),
    createdAt: Instant,
    version: Version,
  })
  .meta({ id: 'Reservation' });

export const NewReservationBody = z
  .strictObject({
    productId: Id.toLowerCase(),
    quantity: Quantity,
    holdSeconds: z.int().min(1).max(3_600).meta({ description: 'How long the units are held' }),
  })
  .meta({ id: 'NewReservation' });
