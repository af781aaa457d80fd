import {
  DataTypes,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import type { Replacement } from '../../../../domain/ports/replacement.js';
import {
  type Due,
  type Expiring,
  ExpiryQueries,
  ReservationBatchRepository,
  ReservationQueries,
} from '../../../../domain/reservations/ports.js';
import {
  Reservation,
  type ReservationState,
  reservationNotFound,
} from '../../../../domain/reservations/reservation.js';
import { findRow, findRows, insertVersioned, replaceVersioned, saveVersioned } from '../rows.js';
import type { OrdersTable } from './orders.js';

export interface ReservationRow {
  id: string;
  userId: string;
  productId: string;
  quantity: number;
  unitPrice: number;
  status: string;
  orderId: string | null;
  expiresAt: Date;
  createdAt: Date;
  version: number;
  /** The slot of its owner while it is open. */
  quotaSlot: number | null;
}

export type ReservationsTable = ModelStatic<Model<ReservationRow>>;

export function defineReservations(sequelize: Sequelize): ReservationsTable {
  return sequelize.define<Model<ReservationRow>>('reservations', {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    userId: { type: DataTypes.STRING(128), allowNull: false },
    productId: { type: DataTypes.CHAR(36), allowNull: false },
    quantity: { type: DataTypes.INTEGER, allowNull: false },
    unitPrice: { type: DataTypes.BIGINT, allowNull: false },
    status: { type: DataTypes.STRING(16), allowNull: false },
    orderId: { type: DataTypes.CHAR(36), allowNull: true },
    expiresAt: { type: DataTypes.DATE(3), allowNull: false },
    createdAt: { type: DataTypes.DATE(3), allowNull: false },
    version: { type: DataTypes.BIGINT, allowNull: false },
    quotaSlot: { type: DataTypes.INTEGER, allowNull: true },
  });
}

/** A reservation's state from its row. */
function reservationState({ quotaSlot: _, ...state }: ReservationRow): ReservationState {
  // The CHECK constraint allows only the statuses of the domain.
  return state as ReservationState;
}

export class SqlReservationRepository extends ReservationBatchRepository {
  constructor(
    private readonly reservations: ReservationsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async get(id: string): Promise<Reservation> {
    const row = await findRow(this.reservations, 'id', id, this.transaction);
    if (!row) throw reservationNotFound(id);
    return Reservation.restore(reservationState(row));
  }

  override async findMany(ids: readonly string[]): Promise<Reservation[]> {
    const rows = await findRows(this.reservations, 'id', ids, this.transaction);
    return rows.map((row) => Reservation.restore(reservationState(row)));
  }

  override async addMany(reservations: readonly Reservation[]): Promise<void> {
    const rows = reservations.map(({ state, slot }) => {
      return { ...state, version: 1, quotaSlot: slot ?? null };
    });
    await insertVersioned(this.reservations, rows, this.transaction);
  }

  override async replaceMany(
    reservations: readonly Replacement<ReservationState>[],
  ): Promise<void> {
    const rows = reservations.map(({ state: { id, status, orderId, version }, readVersion }) => {
      return { row: { id, status, orderId, version, quotaSlot: null }, readVersion };
    });
    const columns = ['status', 'orderId', 'quotaSlot'] as const;
    await replaceVersioned(this.reservations, rows, 'id', columns, this.transaction);
  }

  override async save({ state, slot }: Reservation): Promise<Reservation> {
    const row = { ...state, quotaSlot: slot ?? null };
    const key = { id: state.id };
    const version = await saveVersioned(this.reservations, row, key, this.transaction);
    return Reservation.restore({ ...state, version });
  }
}

export class SqlReservationQueries extends ReservationQueries {
  constructor(private readonly reservations: ReservationsTable) {
    super();
  }

  override async get(id: string): Promise<ReservationState> {
    const row = await findRow(this.reservations, 'id', id);
    if (!row) throw reservationNotFound(id);
    return reservationState(row);
  }
}

interface ExpiringRow extends Due {
  readonly status: string;
}

/** Reads only the index on status, time and id. Its first entries are the rows that are due. */
export class SqlExpiryQueries extends ExpiryQueries {
  constructor(
    private readonly tables: {
      readonly orders: OrdersTable;
      readonly reservations: ReservationsTable;
    },
  ) {
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

  override count(what: Expiring): Promise<number> {
    const { table, status } = this.waiting(what);
    return table.count({ where: { status } });
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
