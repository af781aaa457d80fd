import type { DomainEvent } from '../../../domain/events/domain-event.js';
import type { EventStream } from '../../../domain/events/outbox.js';
import type { Clock } from '../../../domain/ports/clock.js';
import type { IdGenerator } from '../../../domain/ports/id-generator.js';
import {
  type Transaction,
  UnitOfWork,
  type UnitOptions,
} from '../../../domain/ports/unit-of-work.js';
import type { EventBody } from '../../events/event-body.js';
import { EventRecordingOrders } from '../../events/event-recording-orders.js';
import { EventRecordingStocks } from '../../events/event-recording-stocks.js';

/**
 * Adds the events of saved orders and stocks to the outbox, in the same transaction.
 *
 * Saving records the event, so no use case can forget one. All events of a transaction are written
 * by one statement at the end of the work. At that moment the database has locked every changed row.
 * So when two transactions change one row, the later transaction has the later events.
 */
export class EventRecordingUnitOfWork extends UnitOfWork {
  constructor(
    private readonly inner: UnitOfWork,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
    /** Without this every event is recorded. */
    private readonly consumers?: Pick<EventStream, 'hasConsumer'>,
  ) {
    super();
  }

  override run<T>(options: UnitOptions<T>, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.inner.run(options, async (tx) => {
      const events: DomainEvent[] = [];
      const record = (body: EventBody) => {
        if (this.consumers?.hasConsumer(body.type) ?? true) events.push(this.eventOf(body));
      };
      const orders = new EventRecordingOrders(tx.orders, record);
      const stocks = new EventRecordingStocks(tx.stocks, record);
      const value = await work({ ...tx, orders, stocks });
      // @plant events-in-one-statement
      if (events.length > 0) await tx.outbox.add('events', events);
      // @end events-in-one-statement
      return value;
    });
  }

  private eventOf(body: EventBody): DomainEvent {
    return { id: this.ids.next(), occurredAt: this.clock.now().toISOString(), ...body };
  }
}
