import type { DomainEvent } from '../../domain/events/domain-event.js';
import type { SalesQueries } from '../../domain/popularity/ports.js';
import type { SalesRanking } from '../../domain/popularity/sales-ranking.js';

/** Events after which an order counts as a sale, or no longer does. */
export const SALES_EVENTS: readonly DomainEvent['type'][] = ['order.paid', 'order.cancelled'];

/**
 * Adds paid and refunded orders to the ranking.
 *
 * An event only names the order; its state is read from the database. The ranking knows which version
 * of each payment it contains. So an event may come twice, late, in the wrong order or during a
 * rebuild. A forged event on the topic does no harm.
 */
export class RecordSales {
  constructor(
    private readonly sales: SalesQueries,
    private readonly ranking: SalesRanking,
  ) {}

  /** @throws DependencyUnavailableError some are recorded; record all of them again */
  async execute(events: readonly DomainEvent[]): Promise<void> {
    const aboutSales = events.filter(({ type }) => SALES_EVENTS.includes(type));
    const orderIds = [...new Set(aboutSales.map(({ key }) => key))];
    if (orderIds.length === 0) return;
    await this.ranking.record(await this.sales.ofOrders(orderIds));
  }
}
