import { OrderRequest, type OrderRequestState } from '../../domain/order-request.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import type { OrderWish } from './order-wish.js';

/** Accepts an order for the queue: once this resolves, the request is durable and will be settled. */
export class RequestOrder {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    /** Told after the commit; the outbox would be found without it, only later. */
    private readonly accepted: () => void,
  ) {}

  async execute(
    { userId, items }: OrderWish,
    scope: RequestScope = {},
  ): Promise<OrderRequestState> {
    const state = await this.unitOfWork.run({ ...scope, locks: [] }, async (tx) => {
      const fields = { id: this.ids.next(), userId, items };
      const request = await tx.orderRequests.save(OrderRequest.accept(fields, this.clock.now()));
      await tx.outbox.add('orders', [{ key: request.key, requestId: request.state.id }]);
      return request.state;
    });
    this.accepted();
    return state;
  }
}
