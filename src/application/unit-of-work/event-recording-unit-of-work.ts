import type { DomainEvent } from '../../domain/events/domain-event.js';
import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import { type Transaction, UnitOfWork, type UnitOptions } from '../../domain/ports/unit-of-work.js';
import type { EventBody } from '../events/event-body.js';
import { EventRecordingOrders } from '../events/event-recording-orders.js';
import { EventRecordingStocks } from '../events/event-recording-stocks.js';

/**
 * Puts what happens to orders and stocks into the outbox, in the transaction in which it happens.
 *
 * Saving is telling: no use case can forget an event, and none has to think of it. All of a
 * transaction's events go by one statement at the end of the work, when every row they tell of is
 * locked by its change. So of two transactions that change a row, the later has the later events.
 */
export class EventRecordingUnitOfWork extends UnitOfWork {
  constructor(
    private readonly inner: UnitOfWork,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {
    super();
  }

  override run<T>(options: UnitOptions<T>, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.inner.run(options, async (tx) => {
      const events: DomainEvent[] = [];
      const tell = (news: EventBody) => void events.push(this.eventOf(news));
      const orders = new EventRecordingOrders(tx.orders, tell);
      const stocks = new EventRecordingStocks(tx.stocks, tell);
      const value = await work({ ...tx, orders, stocks });
      // @plant events-in-one-statement
      if (events.length > 0) await tx.outbox.add('events', events);
      // @end events-in-one-statement
      return value;
    });
  }

  private eventOf(news: EventBody): DomainEvent {
    return { id: this.ids.next(), occurredAt: this.clock.now().toISOString(), ...news };
  }
}
