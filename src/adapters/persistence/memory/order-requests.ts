import {
  OrderRequest,
  type OrderRequestState,
  orderRequestNotFound,
} from '../../../domain/orders/order-request.js';
import {
  OrderRequestQueries,
  type OrderRequestRepository,
  SettledOrderRequests,
} from '../../../domain/orders/ports.js';
import {
  type MemoryDatabase,
  MemoryRows,
  putSlot,
  putVersioned,
  slotsOf,
} from './memory-database.js';

export class MemoryOrderRequestRepository extends MemoryRows implements OrderRequestRepository {
  async findMany(ids: readonly string[]): Promise<OrderRequest[]> {
    const states = [...new Set(ids)].flatMap((id) => this.tables.orderRequests.get(id) ?? []);
    return states.map((state) => OrderRequest.restore(state));
  }

  async queuedSlots(userId: string): Promise<number[]> {
    return slotsOf(this.tables, 'queuedOrders', userId);
  }

  async save({ state, slot }: OrderRequest): Promise<OrderRequest> {
    const { id, userId } = state;
    this.write((tables) => {
      putVersioned(tables.orderRequests, id, state);
      putSlot(tables, { kind: 'queuedOrders', userId, slot, id });
    });
    return OrderRequest.restore({ ...state, version: state.version + 1 });
  }

  saveSettled(requests: readonly OrderRequest[]): Promise<OrderRequest[]> {
    return Promise.all(requests.map((request) => this.save(request)));
  }
}

export class MemoryOrderRequestQueries extends OrderRequestQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(id: string): Promise<OrderRequestState> {
    const state = this.database.tables.orderRequests.get(id);
    if (!state) throw orderRequestNotFound(id);
    return state;
  }

  override async findMany(ids: readonly string[]): Promise<OrderRequestState[]> {
    return ids.flatMap((id) => this.database.tables.orderRequests.get(id) ?? []);
  }
}

export class MemorySettledOrderRequests extends SettledOrderRequests {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async purge(before: Date, limit: number): Promise<number> {
    const { orderRequests } = this.database.tables;
    const old = [...orderRequests.values()]
      .filter(({ status, createdAt }) => status !== 'QUEUED' && createdAt < before)
      .sort((one, other) => Number(one.createdAt) - Number(other.createdAt))
      .slice(0, limit);
    for (const { id } of old) orderRequests.delete(id);
    return old.length;
  }
}
