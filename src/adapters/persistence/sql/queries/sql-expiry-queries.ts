import { type Model, type ModelStatic, Op } from 'sequelize';
import {
  type Due,
  type Expiring,
  ExpiryQueries,
} from '../../../../domain/reservations/expiry-queries.js';
import type { Tables } from '../tables/tables.js';

interface ExpiringRow extends Due {
  readonly status: string;
}

/** Reads the index on status, time and id alone, whose first entries are the due ones. */
export class SqlExpiryQueries extends ExpiryQueries {
  constructor(private readonly tables: Pick<Tables, 'orders' | 'reservations'>) {
    super();
  }

  override async due(what: Expiring, now: Date, limit: number, after?: Due): Promise<Due[]> {
    const { table, status } = this.waiting(what);
    const rows = await table.findAll({
      attributes: ['id', 'expiresAt'],
      where: { status, expiresAt: { [Op.lte]: now }, ...(after && behind(after)) },
      order: ['expiresAt', 'id'],
      limit,
    });
    return rows.map((row) => row.get());
  }

  override async next(): Promise<Date | undefined> {
    const firsts = await Promise.all([this.first('order'), this.first('reservation')]);
    return firsts.filter((time) => time !== undefined).sort((a, b) => Number(a) - Number(b))[0];
  }

  private async first(what: Expiring): Promise<Date | undefined> {
    const { table, status } = this.waiting(what);
    const row = await table.findOne({
      attributes: ['expiresAt'],
      where: { status },
      order: ['expiresAt'],
    });
    return row?.get().expiresAt;
  }

  private waiting(what: Expiring) {
    const { orders, reservations } = this.tables;
    return what === 'order'
      ? { table: orders as unknown as ModelStatic<Model<ExpiringRow>>, status: 'PENDING_PAYMENT' }
      : { table: reservations as unknown as ModelStatic<Model<ExpiringRow>>, status: 'HELD' };
  }
}

function behind({ id, expiresAt }: Due): object {
  return {
    [Op.or]: [{ expiresAt: { [Op.gt]: expiresAt } }, { expiresAt, id: { [Op.gt]: id } }],
  };
}
