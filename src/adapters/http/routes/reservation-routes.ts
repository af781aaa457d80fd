import type { ConfirmReservation } from '../../../application/reservations/confirm-reservation.js';
import type { FindOwnReservation } from '../../../application/reservations/find-own-reservation.js';
import type { ReleaseReservation } from '../../../application/reservations/release-reservation.js';
import type { ReserveUnits } from '../../../application/reservations/reserve-units.js';
import { type AnyRoute, route } from '../route.js';
import { OrderBody } from '../schemas/order-schemas.js';
import { NewReservationBody, ReservationBody } from '../schemas/reservation-schemas.js';

export interface ReservationUseCases {
  readonly findOwnReservation: FindOwnReservation;
  readonly reserveUnits: ReserveUnits;
  readonly confirmReservation: ConfirmReservation;
  readonly releaseReservation: ReleaseReservation;
}

export function reservationRoutes(use: ReservationUseCases): AnyRoute[] {
  return [
    route({
      method: 'post',
      path: '/v1/reservations',
      access: 'user',
      summary: 'Reserve units of a product at the current price',
      body: NewReservationBody,
      success: {
        status: 201,
        description: 'The reservation',
        body: ReservationBody,
        headers: { Location: 'URL of the reservation' },
      },
      refusals: [
        'insufficient_stock',
        'product_not_found',
        'order_total_too_large',
        'quota_exceeded',
      ],
      handle: async ({ caller, body, scope }) => {
        const request = { userId: caller.userId, ...body };
        const reservation = await use.reserveUnits.execute(request, scope);
        const headers = { Location: `/v1/reservations/${reservation.id}` };
        return { body: reservation, headers };
      },
    }),
    route({
      method: 'get',
      path: '/v1/reservations/{id}',
      access: 'user',
      summary: 'Read one of your reservations',
      idOf: 'reservation',
      success: { status: 200, description: 'The reservation', body: ReservationBody },
      handle: async ({ caller, id }) => ({
        body: await use.findOwnReservation.execute(caller.userId, id),
      }),
    }),
    route({
      method: 'post',
      path: '/v1/reservations/{id}/confirmations',
      access: 'user',
      summary: 'Make an order from the reserved units, at the price of the reservation',
      idOf: 'reservation',
      success: {
        status: 201,
        description: 'The order, with its payment pending',
        body: OrderBody,
        headers: { Location: 'URL of the order' },
      },
      refusals: ['reservation_expired', 'reservation_not_confirmable', 'quota_exceeded'],
      handle: async ({ caller, id, scope }) => {
        const order = await use.confirmReservation.execute(caller.userId, id, scope);
        return { body: order, headers: { Location: `/v1/orders/${order.id}` } };
      },
    }),
    route({
      method: 'delete',
      path: '/v1/reservations/{id}',
      access: 'user',
      summary: 'Release a reservation: its units can be sold again',
      idOf: 'reservation',
      success: { status: 204, description: 'The units can be sold again' },
      refusals: ['reservation_not_releasable'],
      handle: async ({ caller, id, scope }) => {
        await use.releaseReservation.execute(caller.userId, id, scope);
        return {};
      },
    }),
  ];
}
