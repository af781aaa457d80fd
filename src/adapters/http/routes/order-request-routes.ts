import type { FindOwnOrderRequest } from '../../../application/order-queue/find-own-order-request.js';
import type { SettlementNotifier } from '../../../application/order-queue/settlement-notifier.js';
import type { OrderRequestState } from '../../../domain/orders/order-request.js';
import { EVENTS, heartbeatsUntil, serverSentEvent } from '../responses/event-stream.js';
import { type AnyRoute, route } from '../route.js';
import { OrderRequestBody, orderRequestBody } from '../schemas/order-request-schemas.js';

const JSON_TYPE = 'application/json';

export interface OrderRequestUseCases {
  readonly findOwnOrderRequest: FindOwnOrderRequest;
  readonly settlements: SettlementNotifier;
  /** Interval of the comments in an event stream, in milliseconds. */
  readonly heartbeatMs: number;
}

export function orderRequestRoutes(use: OrderRequestUseCases): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/v1/order-requests/{id}',
      access: 'user',
      summary:
        'Read the status of a queued order, or follow it as an event stream until it is settled',
      idOf: 'order_request',
      success: {
        status: 200,
        description: 'The order request',
        body: OrderRequestBody,
        events:
          'Events `status` with the current OrderRequest; the stream ends after the settled one',
        headers: { Vary: 'The request headers that the response depends on' },
      },
      refusals: ['too_many_streams'],
      handle: async ({ caller, id, accepts, scope }) => {
        const state = await use.findOwnOrderRequest.execute(caller.userId, id);
        const headers = { Vary: 'Accept' };
        // A client that accepts neither gets JSON instead of an error.
        const isStream = accepts([JSON_TYPE, EVENTS]) === EVENTS;
        if (!isStream) return { body: orderRequestBody(state), headers };
        return { events: progress(use, state, scope.signal), headers };
      },
    }),
  ];
}

async function* progress(
  use: OrderRequestUseCases,
  state: OrderRequestState,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  yield serverSentEvent('status', orderRequestBody(state));
  if (state.status !== 'QUEUED') return;
  const settlement = use.settlements.settled(state.id, signal);
  const settled = yield* heartbeatsUntil(settlement, use.heartbeatMs);
  if (settled) yield serverSentEvent('status', orderRequestBody(settled));
}
