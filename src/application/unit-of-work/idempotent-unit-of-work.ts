import { DomainError } from '../../domain/errors.js';
import {
  type IdempotencyRecord,
  IdempotencyRecordExistsError,
  type IdempotencyRecords,
  type Outcome,
} from '../../domain/idempotency/idempotency-records.js';
import type { Clock } from '../../domain/ports/clock.js';
import { type Lease, LockBusyError, type LockPort } from '../../domain/ports/lock-port.js';
import {
  type Once,
  type Transaction,
  UnitOfWork,
  type UnitOptions,
} from '../../domain/ports/unit-of-work.js';
import type { FailureReport } from './failure-report.js';

/** How long a first answer is kept, in milliseconds. */
export const ANSWER_LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * Gives units that carry an idempotency key their first outcome again.
 *
 * The answer commits with the effect, so there is never one without the other, and the unique
 * key of the answers is what makes it once only. The lock, taken without waiting, just tells a
 * duplicate at once that the first is still running.
 */
export class IdempotentUnitOfWork extends UnitOfWork {
  constructor(
    private readonly inner: UnitOfWork,
    private readonly locks: LockPort,
    private readonly answers: IdempotencyRecords,
    private readonly clock: Clock,
    private readonly report: FailureReport,
  ) {
    super();
  }

  override async run<T>(
    options: UnitOptions<T>,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const { once } = options;
    if (!once) return this.inner.run(options, work);
    const lease = await this.claim(once);
    if (!lease) return this.replayIfEnded<T>(once);
    try {
      const earlier = await this.find(once);
      if (earlier) return replay<T>(once, earlier);
      return await this.first(once, options, work);
    } finally {
      await lease.release().catch((error: unknown) => this.report('release_failed', error));
    }
  }

  private find(once: Once): Promise<IdempotencyRecord | undefined> {
    return this.answers.find(once, this.clock.now());
  }

  /** Undefined when another request holds the key. */
  private async claim({ scope, key }: Once): Promise<Lease | undefined> {
    try {
      // As JSON, no caller's name can run into another caller's key.
      const name = `idempotency:${JSON.stringify([scope, key])}`;
      return await this.locks.acquire([name], { waitMs: 0 });
    } catch (error) {
      if (error instanceof LockBusyError) return undefined;
      throw error;
    }
  }

  /** Whoever holds the key may replay by now, as this does then. */
  private async replayIfEnded<T>(once: Once): Promise<T> {
    const earlier = await this.find(once);
    if (earlier) return replay<T>(once, earlier);
    throw new DomainError(
      'idempotency_in_progress',
      'The first request with this key has not ended yet.',
    );
  }

  private async first<T>(
    once: Once,
    options: UnitOptions<T>,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.inner.run(options, async (tx) => {
        const value = await work(tx);
        await this.record(tx, once, { value });
        return value;
      });
    } catch (error) {
      if (error instanceof IdempotencyRecordExistsError) return this.replayExisting<T>(once, error);
      if (!(error instanceof DomainError)) throw error;
      const twin = await this.recordRefusal(once, error);
      if (twin) return this.replayExisting<T>(once, twin);
      throw error;
    }
  }

  /**
   * A refusal has no effect to commit with, so it gets a transaction of its own. Where the lock let
   * a twin of this request in, that may have had its effect, and the refusal may come of that:
   * then the twin's answer counts, and this tells so.
   */
  private async recordRefusal(
    once: Once,
    { code, message, details }: DomainError,
  ): Promise<IdempotencyRecordExistsError | undefined> {
    const outcome = { refusal: { code, message, details } };
    try {
      await this.inner.run({ locks: [] }, (tx) => this.record(tx, once, outcome));
    } catch (failure) {
      if (failure instanceof IdempotencyRecordExistsError) return failure;
      this.report('refusal_not_recorded', failure);
    }
    return undefined;
  }

  private record(tx: Transaction, once: Once, outcome: Outcome): Promise<void> {
    const now = this.clock.now();
    return tx.idempotencyRecords.add(
      once,
      outcome,
      now,
      new Date(now.getTime() + ANSWER_LIFETIME_MS),
    );
  }

  /** Two ran at once although a lock was taken (it was lost, say): the first to commit counts. */
  private async replayExisting<T>(once: Once, error: IdempotencyRecordExistsError): Promise<T> {
    const earlier = await this.find(once);
    if (!earlier) throw error;
    return replay<T>(once, earlier);
  }
}

function replay<T>(once: Once, { fingerprint, outcome }: IdempotencyRecord): T {
  if (fingerprint !== once.fingerprint) {
    throw new DomainError('idempotency_key_reused', 'The key was used before for another request.');
  }
  once.replayed();
  if ('refusal' in outcome) {
    const { code, message, details } = outcome.refusal;
    throw new DomainError(code, message, details);
  }
  return outcome.value as T;
}
