import type { OrderEventType, OrderItem } from '../orders/order.js';
import type { StockChange } from '../stock/stock.js';

/** An order as it is since then. */
export interface OrderFacts {
  readonly orderId: string;
  /** Of the order; each of its events has one that is greater by 1 than the one before. */
  readonly version: number;
  readonly userId: string;
  readonly items: readonly OrderItem[];
  /** Points. */
  readonly total: number;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** The stock of a product as it is since then. */
export interface StockFacts extends StockChange {
  readonly productId: string;
  /** Of the stock; each of its events has one that is greater by 1 than the one before. */
  readonly version: number;
  readonly available: number;
  readonly held: number;
}

interface Event<Type extends string, Data> {
  /** UUIDv7: the same event, however often it is delivered, and no other. */
  readonly id: string;
  readonly type: Type;
  /** RFC 3339 in UTC, with milliseconds, as are all times in here. */
  readonly occurredAt: string;
  /** The order or the product it happened to; events of one key keep their order. */
  readonly key: string;
  readonly data: Data;
}

export type OrderEvent = Event<OrderEventType, OrderFacts>;
export type StockEvent = Event<'stock.changed', StockFacts>;

/** Something that has happened and was committed. Plain JSON, since it travels as it is. */
export type DomainEvent = OrderEvent | StockEvent;
