import type { OrderRequestState } from '../../domain/orders/order-request.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { type SettlementObserver, silentSettlementObserver } from './settlement-observer.js';

/** Settles a request that could not be decided, however often it was tried. */
export class GiveUpOrderRequest {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly observer: SettlementObserver = silentSettlementObserver,
  ) {}

  /** Nothing happens when it is settled already or does not exist. */
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
