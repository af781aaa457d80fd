import type { OrderEventType, OrderItem } from '../orders/order.js';
import type { StockChange } from '../stock/stock.js';
import type { TraceContext } from './trace-context.js';

/** The order right after the event. */
export interface OrderFacts {
  readonly orderId: string;
  /**
   * Version of the order. Each event of an order has the version of the event before it, plus 1.
   */
  readonly version: number;
  readonly userId: string;
  readonly items: readonly OrderItem[];
  /** Points. */
  readonly total: number;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** The stock of a product right after the event. */
export interface StockFacts extends StockChange {
  readonly productId: string;
  /** Version of the stock. Each event of a stock has the version of the event before it, plus 1. */
  readonly version: number;
  readonly available: number;
  readonly held: number;
}

interface Event<Type extends string, Data> {
  /** UUIDv7. A repeated delivery of the event has the same id, and no other event has it. */
  readonly id: string;
  readonly type: Type;
  /** RFC 3339 in UTC with milliseconds, like every time in an event. */
  readonly occurredAt: string;
  /** Id of the order or of the product. Events with the same key keep their sequence. */
  readonly key: string;
  readonly data: Data;
  /** Absent while tracing is off. It is no part of the published event. */
  readonly trace?: TraceContext;
}

export type OrderEvent = Event<OrderEventType, OrderFacts>;
export type StockEvent = Event<'stock.changed', StockFacts>;

/** Something that happened and is committed. Plain JSON, because it is published as it is. */
export type DomainEvent = OrderEvent | StockEvent;
