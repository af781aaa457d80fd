import { SpanKind, type SpanOptions } from '@opentelemetry/api';
import { ATTR_DB_SYSTEM_NAME } from '@opentelemetry/semantic-conventions';
import { type OpenTransaction, TransactionPort } from '../../../domain/ports/transaction-port.js';
import type { Spans } from './spans.js';

export const TRANSACTION = 'transaction';
/** Units of work that share the transaction. */
const UNITS = 'lockstep.transaction.units';
export const OUTCOME = 'lockstep.transaction.outcome';

export function transactionOptions(system: string, units: number): SpanOptions {
  const attributes = { [ATTR_DB_SYSTEM_NAME]: system, [UNITS]: units };
  return { kind: SpanKind.CLIENT, attributes };
}

/** Records each transaction of one unit of work, from the request for a connection to its end. */
export class TracedTransactions extends TransactionPort {
  constructor(
    private readonly inner: TransactionPort,
    private readonly spans: Spans,
    private readonly system: string,
  ) {
    super();
  }

  override async begin(rowKeys?: readonly string[]): Promise<OpenTransaction> {
    if (this.spans.current.length === 0) return this.inner.begin(rowKeys);
    const span = this.spans.start(TRANSACTION, transactionOptions(this.system, 1));
    try {
      const tx = await this.inner.begin(rowKeys);
      // A failed commit is followed by a rollback, which ends the span.
      const commit = async () => {
        await tx.commit().catch((error: unknown) => {
          span.fail(error);
          throw error;
        });
        span.set({ [OUTCOME]: 'committed' });
        span.end();
      };
      const rollback = () => {
        span.set({ [OUTCOME]: 'rolled back' });
        return span.endWith(() => tx.rollback());
      };
      return { ...tx, commit, rollback };
    } catch (error) {
      span.fail(error);
      span.end();
      throw error;
    }
  }
}
