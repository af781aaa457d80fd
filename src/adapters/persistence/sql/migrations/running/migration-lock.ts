import type { Socket } from 'node:net';
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { statementsOfTransaction } from '../../connections/statements-of-transaction.js';

/** Longest wait for another instance that is migrating, in seconds. */
const MIGRATION_TIMEOUT_S = 60;

/**
 * Works while no other process does, on any machine. The lock belongs to the connection of the transaction, so
 * it ends with a process that dies.
 *
 * @throws Error another process has the lock for over 60 s
 */
export async function withMysqlLock<T>(
  sequelize: Sequelize,
  transaction: Transaction,
  work: () => Promise<T>,
): Promise<T> {
  // MySQL commits each statement of a migration by itself: a failure undoes nothing, and the lock
  // is released after it.
  statementsOfTransaction(transaction).isOpenAfterFailure = true;
  // Many short waits, because one long wait would look like a server that hangs.
  for (let second = 0; !(await takeLock(sequelize, transaction)); second++) {
    if (second >= MIGRATION_TIMEOUT_S)
      throw new Error(`another instance has been migrating for over ${MIGRATION_TIMEOUT_S} s`);
  }
  const { stream } = (transaction as unknown as { connection: { stream: Socket } }).connection;
  const { timeout = 0 } = stream;
  // On a large table a statement may take longer than the limit after which a server counts as
  // down.
  stream.setTimeout(0);
  try {
    return await work();
  } finally {
    stream.setTimeout(timeout);
    await sequelize.query("DO RELEASE_LOCK(CONCAT(DATABASE(), '.migrations'))", { transaction });
  }
}

/** Waits at most one second. */
async function takeLock(sequelize: Sequelize, transaction: Transaction): Promise<boolean> {
  const [row] = await sequelize.query<{ taken: number | null }>(
    "SELECT GET_LOCK(CONCAT(DATABASE(), '.migrations'), 1) AS taken",
    { transaction, type: QueryTypes.SELECT },
  );
  return row?.taken === 1;
}
