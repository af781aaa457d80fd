import { Op, type Transaction } from 'sequelize';
import { OrderRequest } from '../../../domain/orders/order-request.js';
import { orderRequestState } from './aggregates/order-requests.js';
import { SqlOutboxRepository } from './aggregates/outbox.js';
import type { SqlDatabase } from './connections/sql-database.js';
import { findInstallationId, renewInstallationId } from './installation.js';

/** Messages that one statement inserts. */
const CHUNK = 500;

/** What was done to a restored database. */
export interface FinishedRestore {
  /** The id in the backup; undefined when no instance had used that database. */
  readonly formerId: string | undefined;
  readonly id: string;
  /** Order requests that are in the outbox now. */
  readonly queued: number;
}

/**
 * Separates a restored database from everything outside of it that knows a later state. All of it is one
 * transaction, and it may be repeated. No instance may run meanwhile.
 *
 * The new id gives the cache, the locks, the rankings and the limits other names in Redis, and events
 * another source. Messages in Kafka with the former id are skipped. So all order requests that are not
 * settled are put into the outbox again, also those that had left it: their messages may be consumed.
 */
export async function separateRestored(database: SqlDatabase): Promise<FinishedRestore> {
  const { sequelize } = database;
  return sequelize.transaction(async (transaction) => {
    const formerId = await findInstallationId(sequelize, transaction);
    const id = await renewInstallationId(sequelize, transaction);
    const queued = await queueAgain(database, transaction);
    return { formerId, id, queued };
  });
}

/** In the order in which they were accepted: those that had left the outbox are the oldest. */
async function queueAgain({ tables }: SqlDatabase, transaction: Transaction): Promise<number> {
  const rows = await tables.orderRequests.findAll({
    where: { status: 'QUEUED' },
    order: ['createdAt', 'id'],
    transaction,
  });
  const messages = rows.map((row) => {
    const { state, key } = OrderRequest.restore(orderRequestState(row.get()));
    return { key, requestId: state.id, userId: state.userId };
  });
  const where = { channel: 'orders' };
  const last: number | null = await tables.outbox.max('sequence', { where, transaction });
  // Only what the same snapshot shows: an instance that runs in spite of the rule loses no message.
  const sequence = { [Op.lte]: last ?? 0 };
  await tables.outbox.destroy({ where: { ...where, sequence }, transaction });
  const outbox = new SqlOutboxRepository(tables, transaction);
  for (let from = 0; from < messages.length; from += CHUNK) {
    // @plant restored-requests
    await outbox.add('orders', messages.slice(from, from + CHUNK));
  }
  return messages.length;
}
