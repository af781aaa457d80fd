import type {
  OpenTransaction,
  TransactionPort,
} from '../../../../src/domain/ports/transaction-port.js';

/** Runs the work in one transaction, and commits it. An error rolls it back. */
export async function inTransaction<T>(
  transactions: TransactionPort,
  work: (tx: OpenTransaction) => Promise<T>,
): Promise<T> {
  const tx = await transactions.begin();
  try {
    const value = await work(tx);
    await tx.commit();
    return value;
  } catch (error) {
    await tx.rollback();
    throw error;
  }
}
