import { Op } from 'sequelize';
import { SettledOrderRequests } from '../../../../domain/orders/settled-order-requests.js';
import type { OrderRequestsTable } from '../tables/order-requests-table.js';

export class SqlSettledOrderRequests extends SettledOrderRequests {
  constructor(private readonly requests: OrderRequestsTable) {
    super();
  }

  /** By the index on the time: those that are old and still queued are few. */
  override async purge(before: Date, limit: number): Promise<number> {
    const rows = await this.requests.findAll({
      attributes: ['id'],
      where: { createdAt: { [Op.lt]: before }, status: { [Op.ne]: 'QUEUED' } },
      order: ['createdAt'],
      limit,
    });
    if (rows.length === 0) return 0;
    // What is settled stays so, and ids are not used twice: there is nothing to compare again.
    return this.requests.destroy({ where: { id: rows.map((row) => row.get().id) } });
  }
}
