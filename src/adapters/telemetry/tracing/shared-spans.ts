import type { LeaseGroup, Member } from '../../../application/unit-of-work/batching/member.js';
import {
  type GroupOutcome,
  UnitOfWorkObserver,
} from '../../../application/unit-of-work/unit-of-work-observer.js';
import type { SharedParts } from '../../../application/unit-of-work/unit-of-work-tracing.js';
import { type OpenTransaction, TransactionPort } from '../../../domain/ports/transaction-port.js';
import type { Spans, WorkSpan } from './spans.js';
import { HOLD, LOCK_KEYS, WAIT } from './traced-lock.js';
import { OUTCOME, TRANSACTION, transactionOptions } from './traced-transactions.js';

/** A unit of work with its spans. */
export interface TracedUnit {
  readonly span: WorkSpan;
  /** Begins with the grant of the lease, and ends with the unit. */
  hold?: WorkSpan;
}

/** The unit of each work that is passed on to the batches. */
export type TracedUnits = WeakMap<Member['work'], TracedUnit>;

/** Records the begin of each shared transaction, because its units are known only at its end. */
class TimedTransactions extends TransactionPort {
  constructor(
    private readonly inner: TransactionPort,
    private readonly begins: WeakMap<OpenTransaction, number>,
  ) {
    super();
  }

  override async begin(rowKeys?: readonly string[]): Promise<OpenTransaction> {
    const beganMs = performance.now();
    const tx = await this.inner.begin(rowKeys);
    this.begins.set(tx, beganMs);
    return tx;
  }
}

/**
 * Records the leases and transactions that several units share: once in the trace of each unit, all
 * with the same times.
 */
class SharedSpans extends UnitOfWorkObserver {
  constructor(
    private readonly inner: UnitOfWorkObserver,
    private readonly spans: Spans,
    private readonly units: TracedUnits,
    private readonly begins: WeakMap<OpenTransaction, number>,
    private readonly system: string,
  ) {
    super();
  }

  override waitedInGroup(
    ms: number,
    outcome: GroupOutcome,
    member: Member,
    keys: readonly string[],
  ): void {
    this.inner.waitedInGroup(ms, outcome, member, keys);
    const unit = this.units.get(member.work);
    if (!unit) return;
    const { contexts } = unit.span;
    const attributes = { [LOCK_KEYS]: keys };
    const startTime = Date.now() - ms;
    const wait = this.spans.start(WAIT, { attributes, startTime }, contexts);
    if (outcome === 'granted') unit.hold = this.spans.start(HOLD, { attributes }, contexts);
    else wait.fail(outcome);
    wait.end();
  }

  override committed(units: number, tx?: OpenTransaction, groups?: readonly LeaseGroup[]): void {
    this.inner.committed(units, tx, groups);
    this.#record('committed', tx, groups);
  }

  override rolledBack(error: unknown, tx?: OpenTransaction, groups?: readonly LeaseGroup[]): void {
    this.inner.rolledBack(error, tx, groups);
    this.#record('rolled back', tx, groups, error);
  }

  override retried(): void {
    this.inner.retried();
  }

  /** A span for each unit. None for a transaction of one unit, which has a span of its own. */
  #record(
    outcome: 'committed' | 'rolled back',
    tx?: OpenTransaction,
    groups: readonly LeaseGroup[] = [],
    error?: unknown,
  ): void {
    const beganMs = tx && this.begins.get(tx);
    if (beganMs === undefined) return;
    const endTime = Date.now();
    const startTime = endTime - (performance.now() - beganMs);
    const members = groups.flatMap((group) => group.members);
    const options = { ...transactionOptions(this.system, members.length), startTime };
    // @plant transaction-in-each-trace
    for (const { work } of members) {
      const unit = this.units.get(work);
      if (!unit) continue;
      const span = this.spans.start(TRANSACTION, options, unit.span.contexts);
      span.set({ [OUTCOME]: outcome });
      if (error !== undefined) span.fail(error);
      span.end(endTime);
    }
  }
}

export function traceShared(
  { transactions, observer }: SharedParts,
  spans: Spans,
  units: TracedUnits,
  system: string,
): SharedParts {
  const begins = new WeakMap<OpenTransaction, number>();
  return {
    transactions: new TimedTransactions(transactions, begins),
    observer: new SharedSpans(observer, spans, units, begins, system),
  };
}
