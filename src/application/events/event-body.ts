import type { OrderEvent, StockEvent } from '../../domain/events/domain-event.js';

type WithoutIdentity<E> = Omit<E, 'id' | 'occurredAt'>;

/** An event before it gets its id and its time. */
export type EventBody = WithoutIdentity<OrderEvent> | WithoutIdentity<StockEvent>;

/** Takes an event of the running transaction. */
export type RecordEvent = (event: EventBody) => void;
