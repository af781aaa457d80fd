import { expect } from 'chai';
import type { DomainEvent } from '../../../../src/domain/events/domain-event.js';
import type { OrderState } from '../../../../src/domain/orders/order.js';
import type { StockState } from '../../../../src/domain/stock/stock.js';

/** The rows at the end; times as dates or as text. */
export interface EndState {
  readonly orders: readonly (Omit<OrderState, 'createdAt' | 'expiresAt'> & {
    readonly createdAt: Date | string;
    readonly expiresAt: Date | string;
  })[];
  readonly stocks: readonly StockState[];
}

const LAST_EVENT = {
  PENDING_PAYMENT: 'order.placed',
  PAID: 'order.paid',
  CANCELLED: 'order.cancelled',
  EXPIRED: 'order.expired',
} as const;

/**
 * Expects that the events contain the whole history of each row and nothing else: every version
 * once and in order, and the last version equal to the row. The events are in order of arrival, and
 * some may be repeated.
 */
export function expectHistories(
  arrived: readonly DomainEvent[],
  { orders, stocks }: EndState,
): void {
  const byKey = Map.groupBy(once(arrived), ({ key }) => key);
  const rows = [...orders.map(({ id }) => id), ...stocks.map(({ productId }) => productId)];
  expect([...byKey.keys()]).to.have.members(rows);
  for (const { id, version, status, ...order } of orders) {
    const last = lastOf(byKey.get(id) ?? [], version);
    expect(last.type).to.equal(LAST_EVENT[status]);
    const facts = JSON.parse(JSON.stringify({ orderId: id, version, ...order }));
    expect(last.data).to.deep.equal(facts);
  }
  for (const { productId, version, ...stock } of stocks) {
    const last = lastOf(byKey.get(productId) ?? [], version);
    expect(last.type).to.equal('stock.changed');
    expect(last.data).to.include({ productId, version, ...stock });
  }
}

/** Events without repeats: each id is one event. */
function once(arrived: readonly DomainEvent[]): DomainEvent[] {
  const byId = new Map<string, DomainEvent>();
  for (const event of arrived) {
    const first = byId.get(event.id);
    if (first) expect(event).to.deep.equal(first);
    else byId.set(event.id, event);
  }
  return [...byId.values()];
}

function lastOf(events: readonly DomainEvent[], version: number): DomainEvent {
  const versions = events.map(({ data }) => data.version);
  expect(versions).to.deep.equal(Array.from({ length: version }, (_, i) => i + 1));
  return events.at(-1) as DomainEvent;
}
