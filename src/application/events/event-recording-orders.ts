import type { OrderFacts } from '../../domain/events/domain-event.js';
import type { Order, OrderState } from '../../domain/orders/order.js';
import { OrderRepository } from '../../domain/orders/ports.js';
import type { RecordEvent } from './event-body.js';

/** Records the event of each order that is saved. */
export class EventRecordingOrders extends OrderRepository {
  constructor(
    private readonly inner: OrderRepository,
    private readonly record: RecordEvent,
  ) {
    super();
  }

  override get(id: string): Promise<Order> {
    return this.inner.get(id);
  }

  override async save(order: Order): Promise<Order> {
    // @plant order-event-state
    const saved = await this.inner.save(order);
    const { event: type } = order;
    if (type) this.record({ type, key: saved.state.id, data: factsOf(saved.state) });
    return saved;
  }
}

function factsOf(state: OrderState): OrderFacts {
  const { id: orderId, version, userId, items, total, createdAt, expiresAt } = state;
  return {
    orderId,
    version,
    userId,
    items: items.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice })),
    total,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
