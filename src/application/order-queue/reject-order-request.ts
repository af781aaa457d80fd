import type { OrderRequestState } from '../../domain/orders/order-request.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { type SettlementObserver, silentSettlementObserver } from './settle-order-requests.js';

/** Rejects a request after every try to settle it failed, so that its customer gets an answer. */
export class RejectOrderRequest {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly observer: SettlementObserver = silentSettlementObserver,
  ) {}

  /** Does nothing when the request is settled or does not exist. */
  async execute(id: string): Promise<void> {
    const settled = await this.unitOfWork.run({ locks: [] }, async (tx) => {
      const states: OrderRequestState[] = [];
      for (const request of await tx.orderRequests.findMany([id])) {
        if (request.isSettled) continue;
        states.push((await tx.orderRequests.save(request.reject('internal_error'))).state);
      }
      return states;
    });
    this.observer(settled);
  }
}
