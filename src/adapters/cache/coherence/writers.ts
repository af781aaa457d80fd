import { hasPassed, type Instant } from '../../timeouts/instant.js';
import { WriteIntentExpiredError } from '../cache.js';
import type { CacheSettings } from '../cache-settings.js';

/** A write under way. */
export interface Writer {
  readonly number: number;
  readonly resources: readonly string[];
  readonly since: Instant;
  /** Whether another write changes some of the same at the same time. */
  overlapped: boolean;
}

/** The writes under way in one process, and the numbers of their invalidations. */
export class Writers {
  readonly #underWay = new Set<Writer>();
  #number = 0;

  constructor(private readonly settings: CacheSettings) {}

  /** The number of the latest invalidation. */
  get number(): number {
    return this.#number;
  }

  begin(resources: readonly string[]): Writer {
    const since = this.settings.clock.now();
    const writer: Writer = { number: this.#next(), resources, since, overlapped: false };
    for (const other of this.#underWay) {
      if (!other.resources.some((resource) => resources.includes(resource))) continue;
      other.overlapped = true;
      writer.overlapped = true;
    }
    this.#underWay.add(writer);
    return writer;
  }

  /** @throws WriteIntentExpiredError the write may expire before its commit is done */
  assertValid({ since }: Writer): void {
    const { writeIntentMs, commitMs, clock } = this.settings;
    if (hasPassed(writeIntentMs - commitMs, since, clock.now())) {
      throw new WriteIntentExpiredError(new Error('the transaction took too long'), 'cache');
    }
  }

  /** Returns whether no other write changed its resources meanwhile. */
  end(writer: Writer): boolean {
    this.#underWay.delete(writer);
    this.#next();
    return !writer.overlapped;
  }

  isUnderWrite(resource: string): boolean {
    const now = this.settings.clock.now();
    for (const writer of this.#underWay) {
      if (hasPassed(this.settings.writeIntentMs, writer.since, now)) this.#forget(writer);
      else if (writer.resources.includes(resource)) return true;
    }
    return false;
  }

  /** Its writer will not end it. */
  #forget(writer: Writer): void {
    this.#underWay.delete(writer);
    this.#next();
  }

  /** At least the clock in microseconds, so that the number rises across restarts too. */
  #next(): number {
    this.#number = Math.max(this.#number + 1, Date.now() * 1_000);
    return this.#number;
  }
}
