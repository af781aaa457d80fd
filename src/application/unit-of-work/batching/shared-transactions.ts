import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../../domain/errors.js';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
  ResourceBusyError,
} from '../../../domain/ports/failures.js';
import type { OpenTransaction, TransactionPort } from '../../../domain/ports/transaction-port.js';
import type { FailureReport } from '../failure-report.js';
import type { NestingGuard } from '../nesting-guard.js';
import type { RetryPolicy } from '../retry-policy.js';
import { silentUnitOfWorkObserver } from '../unit-of-work-observer.js';
import { BatchTransaction } from './batch-transaction.js';
import { type LeaseGroup, type Member, readsAhead, sizeOf } from './member.js';

export interface SharedTransactionSettings {
  /** Most transactions at once, at least 1. Groups that arrive while all run share the next one. */
  readonly maxAtOnce: number;
  /** Most products of the members of one transaction, because it locks the rows of all of them. */
  readonly maxProducts: number;
  readonly retry: RetryPolicy;
}

interface Job {
  readonly group: LeaseGroup;
  readonly onSettled: () => void;
}

/**
 * Runs the members of lease groups in shared transactions.
 *
 * A group that arrives alone begins at once. Groups that arrive while all transactions are busy
 * share the next free one, so the size of a batch follows the load. The members run one after
 * another in arrival order. A refusal by a rule of the domain affects only its own member. After
 * any other failure the transaction is rolled back, and each member runs in a transaction of its
 * own.
 */
export class SharedTransactions {
  readonly #waiting: Job[] = [];
  #running = 0;

  constructor(
    private readonly transactions: TransactionPort,
    private readonly nesting: NestingGuard,
    private readonly report: FailureReport,
    private readonly settings: SharedTransactionSettings,
    private readonly observer = silentUnitOfWorkObserver,
  ) {}

  /** Resolves when every member of the group has its outcome. Never rejects. */
  async run(group: LeaseGroup): Promise<void> {
    if (!isShareable(group)) return this.#settle([group]);
    await new Promise<void>((onSettled) => {
      this.#waiting.push({ group, onSettled });
      this.#beginNext();
    });
  }

  #beginNext(): void {
    while (this.#running < this.settings.maxAtOnce && this.#waiting.length > 0) {
      const jobs = this.#takeJobs();
      this.#running += 1;
      void this.#settle(jobs.map(({ group }) => group)).finally(() => {
        this.#running -= 1;
        for (const { onSettled } of jobs) onSettled();
        this.#beginNext();
      });
    }
  }

  /** Takes at least one group, and more while they fit. */
  #takeJobs(): Job[] {
    const taken: Job[] = [];
    let size = 0;
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      size += next.group.members.reduce((sum, member) => sum + sizeOf(member), 0);
      if (taken.length > 0 && size > this.settings.maxProducts) break;
      taken.push(next);
      this.#waiting.shift();
    }
    return taken;
  }

  async #settle(groups: readonly LeaseGroup[]): Promise<void> {
    try {
      await this.#transact(groups);
    } catch (error) {
      await this.#settleApart(groups, error);
    }
  }

  /**
   * @throws the error that made the transaction fail; then no member has an outcome and nothing is
   *   committed
   */
  async #transact(groups: readonly LeaseGroup[]): Promise<void> {
    const tx = await this.transactions.begin(groups[0]?.lease?.unguardedKeys);
    let outcomes: readonly (() => void)[];
    try {
      const batch = new BatchTransaction(tx);
      const members = groups.flatMap((group) => group.members);
      outcomes = await this.nesting.run(() => runMembers(batch, members));
      const isChanged = !batch.buffer.isEmpty || batch.hasWritten;
      // Nothing may run between these checks and the commit.
      // @plant batch-lease-checked
      for (const { lease } of groups) if (isChanged) lease?.assertHeld();
      // @end batch-lease-checked
      // @plant batch-committed-before-answer
      await tx.commit();
      // @end batch-committed-before-answer
      this.observer.committed(members.length, tx, groups);
    } catch (error) {
      this.observer.rolledBack(error, tx, groups);
      // @plant failed-batch-rolled-back
      await this.#rollBack(tx);
      // @end failed-batch-rolled-back
      throw error;
    }
    for (const settle of outcomes) settle();
  }

  async #settleApart(groups: readonly LeaseGroup[], error: unknown): Promise<void> {
    const members = groups.flatMap((group) => group.members);
    // A retry alone would fail in the same way, or it is not known whether the commit was done.
    if (error instanceof DependencyUnavailableError || error instanceof ResourceBusyError) {
      for (const { reject } of members) reject(error);
      return;
    }
    const isAlone = members.length === 1;
    for (const { members: own, lease } of groups) {
      for (const member of own) {
        if (!isAlone) this.observer.retried();
        const group = { members: [member], lease };
        await this.#settleAlone(group, member, isAlone ? error : undefined);
      }
    }
  }

  /** `failure` is the error of a first run, if there was one. */
  async #settleAlone(group: LeaseGroup, member: Member, failure: unknown): Promise<void> {
    const { attempts, baseMs } = this.settings.retry;
    let [error, runs] = [failure, failure === undefined ? 0 : 1];
    while (runs === 0 || (error instanceof ConcurrentUpdateError && runs < attempts)) {
      if (runs > 0) {
        this.observer.retried();
        await pause(Math.random() * baseMs * 2 ** runs);
      }
      runs += 1;
      try {
        return await this.#transact([group]);
      } catch (next) {
        error = next;
      }
    }
    member.reject(error);
  }

  async #rollBack(tx: OpenTransaction): Promise<void> {
    await tx.rollback().catch((error: unknown) => this.report('rollback_failed', error));
  }
}

/**
 * A group that waits for row locks, or that sends its own statements for each member, would delay
 * the other groups in its transaction.
 */
function isShareable({ lease, members }: LeaseGroup): boolean {
  if (!lease) return true;
  return !lease.unguardedKeys && members.every(readsAhead);
}

/** @returns a function for each member that resolves or rejects it; call them after the commit */
async function runMembers(batch: BatchTransaction, members: readonly Member[]) {
  const { buffer, tx } = batch;
  await buffer.read(members.map(({ reads }) => reads));
  const outcomes: (() => void)[] = [];
  for (const { work, resolve, reject } of members) {
    const hadWritten = batch.hasWritten;
    batch.hasWritten = false;
    try {
      const value = await work(tx);
      buffer.keep();
      outcomes.push(() => resolve(value));
    } catch (error) {
      // Only a rollback can undo what was already written to the database.
      // @plant written-refusal-rolled-back
      if (!(error instanceof DomainError) || batch.hasWritten) throw error;
      // @end written-refusal-rolled-back
      buffer.undo();
      outcomes.push(() => reject(error));
    }
    batch.hasWritten ||= hadWritten;
  }
  await buffer.flush();
  return outcomes;
}
