import type { CachePort, WriteIntent, WrittenThrough } from '../../domain/ports/cache-port.js';
import { ConcurrentUpdateError } from '../../domain/ports/failures.js';
import type { Evictions } from '../../domain/ports/unit-of-work.js';
import type { FailureReport } from './failure-report.js';

/** Keeps what a unit changes out of the cache, from before its commit until after it. */
export class CacheHold<T> {
  private readonly asked: Promise<WriteIntent | undefined>;
  private holdOff: WriteIntent | undefined;
  private commitSent = false;

  /** Only asks: the transaction need not wait for the answer before its commit. */
  constructor(
    cache: CachePort,
    private readonly evicts: Evictions<T> | undefined,
    private readonly report: FailureReport,
  ) {
    this.asked = evicts ? cache.beginWrite(evicts.resources) : Promise.resolve(undefined);
    // Whoever confirms learns of it; a unit that fails before has its own failure to tell.
    this.asked.catch(() => {});
  }

  /** @throws what keeps the cache from being held off; then nothing may be committed */
  async confirm(): Promise<void> {
    this.holdOff = await this.asked;
  }

  /** The last word before the commit is sent. */
  assertValid(): void {
    this.holdOff?.assertValid();
    this.commitSent = true;
  }

  /**
   * Answers the invalidation number, if anything was evicted. Never rejects: the outcome stands,
   * and a hold-off that is left behind ends by itself.
   */
  async committed(value: T): Promise<number | undefined> {
    if (!this.holdOff) return undefined;
    const ended = await this.end(this.holdOff, this.evicts?.writesThrough?.(value));
    return ended ?? this.holdOff.number;
  }

  /** Never rejects. */
  async failed(error: unknown): Promise<void> {
    // Only when the database refused the commit is it known not to have taken place.
    if (this.commitSent && !(error instanceof ConcurrentUpdateError)) return;
    const holdOff = await this.asked.catch(() => undefined);
    if (holdOff) await this.end(holdOff);
  }

  private end(holdOff: WriteIntent, entries?: readonly WrittenThrough[]) {
    return holdOff.end(entries).catch((error: unknown) => {
      this.report('hold_off_not_ended', error);
      return undefined;
    });
  }
}
