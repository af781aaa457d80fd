import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';

/** Settles a request that could not be decided, however often it was tried. */
export class GiveUpOrderRequest {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Nothing happens when it is settled already or does not exist. */
  async execute(id: string): Promise<void> {
    await this.unitOfWork.run({ locks: [] }, async (tx) => {
      for (const request of await tx.orderRequests.findMany([id])) {
        if (!request.isSettled) await tx.orderRequests.save(request.reject('internal_error'));
      }
    });
  }
}
