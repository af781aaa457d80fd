import type { OrderEvent, StockEvent } from '../../domain/events/domain-event.js';

type Untold<E> = Omit<E, 'id' | 'occurredAt'>;

/** What an event tells, before it has a name and a time. */
export type EventBody = Untold<OrderEvent> | Untold<StockEvent>;

export type Tell = (news: EventBody) => void;
