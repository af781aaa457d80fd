import type { DomainEvent } from '../../domain/events/domain-event.js';
import type { SalesQueries } from '../../domain/popularity/ports.js';
import type { SalesRanking } from '../../domain/popularity/sales-ranking.js';

/** What makes an order count, or count no longer. */
const ABOUT_SALES: readonly DomainEvent['type'][] = ['order.paid', 'order.cancelled'];

/**
 * Keeps the ranking up with what is paid and given back.
 *
 * An event says which order to look at, and the database how it stands. The ranking knows which
 * version of each payment it contains. So events may come twice, late or in the wrong order, beside
 * a rebuild, and from anyone who can write to their topic.
 */
export class RecordSales {
  constructor(
    private readonly sales: SalesQueries,
    private readonly ranking: SalesRanking,
  ) {}

  /** @throws DependencyUnavailableError then some are recorded, and none is lost by trying again */
  async execute(events: readonly DomainEvent[]): Promise<void> {
    const told = events.filter(({ type }) => ABOUT_SALES.includes(type));
    const orderIds = [...new Set(told.map(({ key }) => key))];
    if (orderIds.length === 0) return;
    await this.ranking.record(await this.sales.ofOrders(orderIds));
  }
}
