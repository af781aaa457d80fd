import {
  DataTypes,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import {
  OrderRequest,
  type OrderRequestState,
  type OrderRequestStatus,
  orderRequestNotFound,
  type RejectionCode,
} from '../../../../domain/orders/order-request.js';
import {
  OrderRequestQueries,
  OrderRequestRepository,
  SettledOrderRequests,
} from '../../../../domain/orders/ports.js';
import { findRow, findRows, replaceVersioned, saveVersioned } from '../rows.js';

export interface OrderRequestRow {
  id: string;
  userId: string;
  /** As JSON. */
  items: string;
  status: string;
  orderId: string | null;
  code: string | null;
  createdAt: Date;
  version: number;
  /** The slot of its owner while it is open. */
  quotaSlot: number | null;
}

export type OrderRequestsTable = ModelStatic<Model<OrderRequestRow>>;

export function defineOrderRequests(sequelize: Sequelize): OrderRequestsTable {
  return sequelize.define<Model<OrderRequestRow>>('order_requests', {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    userId: { type: DataTypes.STRING(128), allowNull: false },
    items: { type: DataTypes.TEXT('medium'), allowNull: false },
    status: { type: DataTypes.STRING(16), allowNull: false },
    orderId: { type: DataTypes.CHAR(36), allowNull: true },
    code: { type: DataTypes.STRING(64), allowNull: true },
    createdAt: { type: DataTypes.DATE(3), allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
    quotaSlot: { type: DataTypes.INTEGER, allowNull: true },
  });
}

/** An order request's state from its row. */
export function orderRequestState(found: OrderRequestRow): OrderRequestState {
  const { items, status, code, quotaSlot: _, ...row } = found;
  return {
    ...row,
    items: JSON.parse(items),
    // Only the domain writes this column.
    status: status as OrderRequestStatus,
    code: code as RejectionCode | null,
  };
}

export class SqlOrderRequestRepository extends OrderRequestRepository {
  constructor(
    private readonly requests: OrderRequestsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async findMany(ids: readonly string[]): Promise<OrderRequest[]> {
    const rows = await findRows(this.requests, 'id', ids, this.transaction);
    const byId = new Map(rows.map((row) => [row.id, orderRequestState(row)]));
    const states = [...new Set(ids)].flatMap((id) => byId.get(id) ?? []);
    return states.map((state) => OrderRequest.restore(state));
  }

  override async queuedSlots(userId: string): Promise<number[]> {
    const rows = await this.requests.findAll({
      attributes: ['quotaSlot'],
      where: { userId, quotaSlot: { [Op.ne]: null } },
      transaction: this.transaction,
    });
    return rows.map((row) => Number(row.get().quotaSlot));
  }

  override async save({ state, slot }: OrderRequest): Promise<OrderRequest> {
    const items = JSON.stringify(state.items);
    const row = { ...state, items, quotaSlot: slot ?? null };
    const version = await saveVersioned(this.requests, row, { id: row.id }, this.transaction);
    return OrderRequest.restore({ ...state, version });
  }

  override async saveSettled(requests: readonly OrderRequest[]): Promise<OrderRequest[]> {
    const replacements = requests.map(({ state }) => ({
      row: { ...state, version: state.version + 1, quotaSlot: null },
      readVersion: state.version,
    }));
    const changed = ['status', 'orderId', 'code', 'quotaSlot'] as const;
    await replaceVersioned(this.requests, replacements, 'id', changed, this.transaction);
    return requests.map(({ state }) =>
      OrderRequest.restore({ ...state, version: state.version + 1 }),
    );
  }
}

export class SqlOrderRequestQueries extends OrderRequestQueries {
  constructor(private readonly requests: OrderRequestsTable) {
    super();
  }

  override async get(id: string): Promise<OrderRequestState> {
    const row = await findRow(this.requests, 'id', id);
    if (!row) throw orderRequestNotFound(id);
    return orderRequestState(row);
  }

  override async findMany(ids: readonly string[]): Promise<OrderRequestState[]> {
    const rows = await findRows(this.requests, 'id', ids);
    return rows.map(orderRequestState);
  }
}

export class SqlSettledOrderRequests extends SettledOrderRequests {
  constructor(private readonly requests: OrderRequestsTable) {
    super();
  }

  /** Uses the index on the time. Of the old requests only few are still queued. */
  override async purge(before: Date, limit: number): Promise<number> {
    const rows = await this.requests.findAll({
      attributes: ['id'],
      where: { createdAt: { [Op.lt]: before }, status: { [Op.ne]: 'QUEUED' } },
      order: ['createdAt'],
      limit,
    });
    if (rows.length === 0) return 0;
    // A settled request stays settled and ids are not used twice, so nothing is compared again.
    return this.requests.destroy({ where: { id: rows.map((row) => row.get().id) } });
  }
}
