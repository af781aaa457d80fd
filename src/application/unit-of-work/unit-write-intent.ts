import type { CachePort, WriteIntent, WrittenThrough } from '../../domain/ports/cache-port.js';
import { ConcurrentUpdateError } from '../../domain/ports/failures.js';
import type { Invalidations } from '../../domain/ports/unit-of-work.js';
import type { FailureReport } from './failure-report.js';

/** The write intent of one unit: keeps its resources out of the cache, from before its commit until after it. */
export class UnitWriteIntent<T> {
  private readonly asked: Promise<WriteIntent | undefined>;
  private intent: WriteIntent | undefined;
  private commitSent = false;

  /** Sends the request; `confirm` waits for the answer, so that it costs the transaction no time. */
  constructor(
    cache: CachePort,
    private readonly invalidates: Invalidations<T> | undefined,
    private readonly report: FailureReport,
  ) {
    this.asked = invalidates ? cache.beginWrite(invalidates.resources) : Promise.resolve(undefined);
    // `confirm` throws this error. A unit that fails earlier throws its own error.
    this.asked.catch(() => {});
  }

  /** @throws DependencyUnavailableError the cache did not confirm; nothing may be committed */
  async confirm(): Promise<void> {
    this.intent = await this.asked;
  }

  /** The last check before the commit is sent. */
  assertValid(): void {
    this.intent?.assertValid();
    this.commitSent = true;
  }

  /**
   * Answers the invalidation number; undefined when nothing was invalidated. It never rejects: the write is
   * committed, and a write intent without an end expires.
   */
  async committed(value: T): Promise<number | undefined> {
    if (!this.intent) return undefined;
    const ended = await this.end(this.intent, this.invalidates?.writesThrough?.(value));
    return ended ?? this.intent.number;
  }

  /** Ends the hold after a failure. Never rejects. */
  async failed(error: unknown): Promise<void> {
    // After a sent commit, only a refusal by the database proves that nothing was committed.
    if (this.commitSent && !(error instanceof ConcurrentUpdateError)) return;
    const intent = await this.asked.catch(() => undefined);
    if (intent) await this.end(intent);
  }

  private end(intent: WriteIntent, entries?: readonly WrittenThrough[]) {
    return intent.end(entries).catch((error: unknown) => {
      this.report('write_intent_not_ended', error);
      return undefined;
    });
  }
}
