import {
  DataTypes,
  type FindOptions,
  type Model,
  type ModelStatic,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import {
  Order,
  type OrderState,
  type OrderStatus,
  orderNotFound,
} from '../../../../domain/orders/order.js';
import { OrderBatchRepository, OrderQueries } from '../../../../domain/orders/ports.js';
import type { Page, PageRequest } from '../../../../domain/ports/page.js';
import type { Replacement } from '../../../../domain/ports/replacement.js';
import { waitForAll } from '../../../../domain/ports/wait-for-all.js';
import { pageInOrder, sequenceOf } from '../paging.js';
import {
  findJoinedRows,
  findRows,
  insertRows,
  insertVersioned,
  replaceVersioned,
  saveVersioned,
} from '../rows.js';

export interface OrderRow {
  id: string;
  userId: string;
  status: string;
  total: number;
  expiresAt: Date;
  createdAt: Date;
  version: number;
  /** The slot of its owner while it is open. */
  quotaSlot: number | null;
  /**
   * The largest quantity of a product. Null in rows of a version before the migration
   * `0013-largest-quantity`, which are counted item by item.
   */
  largestQuantity: number | null;
}

export interface OrderItemRow {
  orderId: string;
  productId: string;
  quantity: number;
  unitPrice: number;
}

export type OrdersTable = ModelStatic<Model<OrderRow>>;
export type OrderItemsTable = ModelStatic<Model<OrderItemRow>>;

export function defineOrders(sequelize: Sequelize): OrdersTable {
  return sequelize.define<Model<OrderRow>>('orders', {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    userId: { type: DataTypes.STRING(128), allowNull: false },
    status: { type: DataTypes.STRING(16), allowNull: false },
    total: { type: DataTypes.BIGINT, allowNull: false },
    expiresAt: { type: DataTypes.DATE(3), allowNull: false },
    createdAt: { type: DataTypes.DATE(3), allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
    quotaSlot: { type: DataTypes.INTEGER, allowNull: true },
    largestQuantity: { type: DataTypes.INTEGER, allowNull: true },
  });
}

export function defineOrderItems(sequelize: Sequelize): OrderItemsTable {
  return sequelize.define<Model<OrderItemRow>>('order_items', {
    orderId: { type: DataTypes.CHAR(36), primaryKey: true },
    productId: { type: DataTypes.CHAR(36), primaryKey: true },
    quantity: { type: DataTypes.INTEGER, allowNull: false },
    unitPrice: { type: DataTypes.BIGINT, allowNull: false },
  });
}

interface OrderTables {
  readonly orders: OrdersTable;
  readonly orderItems: OrderItemsTable;
}

/** @throws DomainError `order_not_found` */
async function readOrder(
  tables: OrderTables,
  id: string,
  transaction?: Transaction,
): Promise<OrderState> {
  const [order] = await readOrders(tables, [id], transaction);
  if (!order) throw orderNotFound(id);
  return order;
}

/** In no particular order, by one statement. Each order has items. */
async function readOrders(
  { orders, orderItems }: OrderTables,
  ids: readonly string[],
  transaction?: Transaction,
): Promise<OrderState[]> {
  const items = { table: orderItems, on: 'orderId' } as const;
  const rows = await findJoinedRows(orders, 'id', ids, items, transaction);
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((ofOrder) => {
    const [row] = ofOrder;
    return row ? [orderState(row, sorted(ofOrder))] : [];
  });
}

/** The items of these orders by the id of their order, sorted by product. */
export async function readItems(
  table: OrderItemsTable,
  orderIds: readonly string[],
  transaction?: Transaction,
): Promise<ReadonlyMap<string, readonly OrderItemRow[]>> {
  const items = await findRows(table, 'orderId', orderIds, transaction);
  return Map.groupBy(sorted(items), ({ orderId }) => orderId);
}

function sorted<Item extends OrderItemRow>(items: readonly Item[]): Item[] {
  return items.toSorted((one, other) => (one.productId < other.productId ? -1 : 1));
}

/** An order's state from its rows. */
function orderState(row: OrderRow, items: readonly OrderItemRow[]): OrderState {
  return {
    id: row.id,
    userId: row.userId,
    // The CHECK constraint allows only the statuses of the domain.
    status: row.status as OrderStatus,
    items: items.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice })),
    total: row.total,
    expiresAt: row.expiresAt,
    createdAt: row.createdAt,
    version: row.version,
  };
}

export class SqlOrderRepository extends OrderBatchRepository {
  constructor(
    private readonly tables: OrderTables,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(id: string): Promise<Order> {
    return Order.restore(await readOrder(this.tables, id, this.transaction));
  }

  override async save(order: Order): Promise<Order> {
    const { state, slot } = order;
    if (state.version === 0) {
      await this.addMany([order]);
      return Order.restore({ ...state, version: 1 });
    }
    // The items of an order never change.
    const { items: _, ...rest } = state;
    const { largestQuantity } = order;
    const row = { ...rest, quotaSlot: slot ?? null, largestQuantity };
    const { orders } = this.tables;
    const version = await saveVersioned(orders, row, { id: row.id }, this.transaction);
    return Order.restore({ ...state, version });
  }

  override async addMany(orders: readonly Order[]): Promise<void> {
    const rows = orders.map(({ state: { items: _, ...row }, slot, largestQuantity }) => {
      return { ...row, version: 1, quotaSlot: slot ?? null, largestQuantity };
    });
    const items = orders.flatMap(({ state }) =>
      state.items.map((item) => ({ orderId: state.id, ...item })),
    );
    await waitForAll([
      insertVersioned(this.tables.orders, rows, this.transaction),
      insertRows(this.tables.orderItems, items, this.transaction),
    ]);
  }

  override async findMany(ids: readonly string[]): Promise<Order[]> {
    const states = await readOrders(this.tables, ids, this.transaction);
    return states.map((state) => Order.restore(state));
  }

  override async replaceMany(orders: readonly Replacement<OrderState>[]): Promise<void> {
    const rows = orders.map(({ state: { id, status, version }, readVersion }) => {
      return { row: { id, status, version, quotaSlot: null }, readVersion };
    });
    const columns = ['status', 'quotaSlot'] as const;
    await replaceVersioned(this.tables.orders, rows, 'id', columns, this.transaction);
  }
}

export class SqlOrderQueries extends OrderQueries {
  constructor(private readonly tables: OrderTables) {
    super();
  }

  override get(id: string): Promise<OrderState> {
    return readOrder(this.tables, id);
  }

  override async list(userId: string, page: PageRequest): Promise<Page<OrderState>> {
    const table = this.tables.orders;
    const newestFirst = { table, column: sequenceOf(table), direction: 'DESC' } as const;
    return pageInOrder(page, newestFirst, ({ where, ...rest }) =>
      this.read({ where: { userId, ...where }, ...rest }),
    );
  }

  private async read(options: FindOptions<OrderRow>): Promise<OrderState[]> {
    const orders = (await this.tables.orders.findAll(options)).map((order) => order.get());
    const items = await readItems(
      this.tables.orderItems,
      orders.map(({ id }) => id),
    );
    return orders.map((order) => orderState(order, items.get(order.id) ?? []));
  }
}
