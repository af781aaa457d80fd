import { z } from 'zod';
import { Id, Instant, Points, Quantity, Version } from './primitives.js';

export const ReservationBody = z
  .object({
    id: Id,
    userId: z.string(),
    productId: Id,
    quantity: Quantity,
    unitPrice: Points.meta({
      description: 'Price of a unit, in points, if the reservation is confirmed in time',
    }),
    status: z.enum(['HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED']),
    orderId: Id.nullable().meta({ description: 'The order, after the reservation was confirmed' }),
    expiresAt: Instant.meta({ description: 'The reservation can be confirmed until this time' }),
    createdAt: Instant,
    version: Version,
  })
  .meta({ id: 'Reservation' });

export const NewReservationBody = z
  .strictObject({
    productId: Id.toLowerCase(),
    quantity: Quantity,
    holdSeconds: z
      .int()
      .min(1)
      .max(3_600)
      .meta({ description: 'For how many seconds the units are held' }),
  })
  .meta({ id: 'NewReservation' });
