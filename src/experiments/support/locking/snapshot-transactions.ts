import { Mutex } from 'async-mutex';
import { type Sequelize, Transaction } from 'sequelize';

/** A transaction that reads from the snapshot of its first query and writes over the latest rows. */
export interface SnapshotTransaction {
  readonly reads: Transaction;
  /** Waits while another transaction has an uncommitted write to the same row. */
  writes(): Promise<Transaction>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

export type BeginSnapshot = () => Promise<SnapshotTransaction>;

/** MySQL and MariaDB at REPEATABLE READ, the default of MySQL. */
export function mysqlSnapshots(sequelize: Sequelize): BeginSnapshot {
  return async () => {
    const transaction = await sequelize.transaction({
      isolationLevel: Transaction.ISOLATION_LEVELS.REPEATABLE_READ,
    });
    return {
      reads: transaction,
      writes: async () => transaction,
      commit: () => transaction.commit(),
      rollback: () => transaction.rollback(),
    };
  };
}

/**
 * SQLite with connections for reading and one at a time for writing, as many services use it.
 *
 * On one connection SQLite refuses to write after it has read a snapshot that is no longer the latest
 * (SQLITE_BUSY_SNAPSHOT). With two it does what MySQL does: the write replaces what others committed
 * since the snapshot. A mutex makes writers wait in order, where SQLite's own wait would poll.
 */
export function sqliteSnapshots(sequelize: Sequelize): BeginSnapshot {
  const writer = new Mutex();
  return async () => {
    const reads = await sequelize.transaction({ type: Transaction.TYPES.DEFERRED });
    let write: { readonly transaction: Transaction; readonly done: () => void } | undefined;
    const end = async (how: 'commit' | 'rollback') => {
      try {
        await write?.transaction[how]();
        await reads[how]();
      } finally {
        write?.done();
      }
    };
    return {
      reads,
      writes: async () => {
        if (write) return write.transaction;
        const done = await writer.acquire();
        try {
          const transaction = await sequelize.transaction();
          write = { transaction, done };
          return transaction;
        } catch (error) {
          done();
          throw error;
        }
      },
      commit: () => end('commit'),
      rollback: () => end('rollback'),
    };
  };
}
