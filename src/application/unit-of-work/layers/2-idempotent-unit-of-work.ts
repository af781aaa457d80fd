import { DomainError } from '../../../domain/errors.js';
import {
  type IdempotencyRecord,
  IdempotencyRecordExistsError,
  type IdempotencyRecords,
  type Outcome,
} from '../../../domain/idempotency/idempotency-records.js';
import type { Clock } from '../../../domain/ports/clock.js';
import { type Lease, LockBusyError, type LockPort } from '../../../domain/ports/lock-port.js';
import {
  NO_READS,
  type Once,
  type Transaction,
  UnitOfWork,
  type UnitOptions,
} from '../../../domain/ports/unit-of-work.js';
import type { FailureReport } from '../failure-report.js';

/** How long an idempotency record is kept, in milliseconds. */
export const RECORD_LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * Runs a unit with an idempotency key once, and answers its recorded outcome to repeats.
 *
 * The record commits together with the effect, so there is never one without the other. The unique key
 * of the records makes sure that it happens once. The lock on the key is taken without a wait. It only
 * lets a repeat fail at once while the first request still runs.
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

  /** The request that held the key may have ended by now. */
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
      const existing = await this.recordRefusal(once, error);
      if (existing) return this.replayExisting<T>(once, existing);
      throw error;
    }
  }

  /**
   * A refusal has no effect, so its record gets its own transaction. When the lock was lost, the same
   * request may have run twice at once, and the refusal may be a result of the other run. Then the
   * record of the other run counts, and this answers the error that names it.
   */
  private async recordRefusal(
    once: Once,
    { code, message, details }: DomainError,
  ): Promise<IdempotencyRecordExistsError | undefined> {
    const outcome = { refusal: { code, message, details } };
    try {
      await this.inner.run({ locks: [], batch: NO_READS }, (tx) => this.record(tx, once, outcome));
    } catch (failure) {
      if (failure instanceof IdempotencyRecordExistsError) return failure;
      this.report('refusal_not_recorded', failure);
    }
    return undefined;
  }

  private record(tx: Transaction, once: Once, outcome: Outcome): Promise<void> {
    const expiresAt = new Date(this.clock.now().getTime() + RECORD_LIFETIME_MS);
    return tx.idempotencyRecords.add([{ key: once, outcome, expiresAt }]);
  }

  /** The same request ran twice at once, after its lock was lost: the first commit counts. */
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
