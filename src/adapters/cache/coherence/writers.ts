import { WriteIntentExpiredError } from '../../../domain/ports/cache-port.js';
import { hasPassed, type Moment } from '../cache-clock.js';
import type { CacheSettings } from '../cache-settings.js';

/** A write under way. */
export interface Writer {
  readonly number: number;
  readonly resources: readonly string[];
  readonly since: Moment;
  /** Whether another write changes some of the same at the same time. */
  accompanied: boolean;
}

/** The writes under way in one process, and the numbers of their invalidations. */
export class Writers {
  readonly #underWay = new Set<Writer>();
  #number = 0;

  constructor(private readonly settings: CacheSettings) {}

  /** Of the latest invalidation. */
  get number(): number {
    return this.#number;
  }

  begin(resources: readonly string[]): Writer {
    const since = this.settings.clock.now();
    const writer: Writer = { number: this.#next(), resources, since, accompanied: false };
    for (const other of this.#underWay) {
      if (!other.resources.some((resource) => resources.includes(resource))) continue;
      other.accompanied = true;
      writer.accompanied = true;
    }
    this.#underWay.add(writer);
    return writer;
  }

  /** @throws WriteIntentExpiredError the write may be forgotten before its commit lands */
  assertStanding({ since }: Writer): void {
    const { holdOffMs, commitMs, clock } = this.settings;
    if (hasPassed(holdOffMs - commitMs, since, clock.now())) {
      throw new WriteIntentExpiredError('cache', new Error('the transaction took too long'));
    }
  }

  /** Answers whether it was alone with its resources all the time. */
  end(writer: Writer): boolean {
    this.#underWay.delete(writer);
    this.#next();
    return !writer.accompanied;
  }

  isHeldOff(resource: string): boolean {
    const now = this.settings.clock.now();
    for (const writer of this.#underWay) {
      if (hasPassed(this.settings.holdOffMs, writer.since, now)) this.#forget(writer);
      else if (writer.resources.includes(resource)) return true;
    }
    return false;
  }

  /** Nobody will tell how it ended. */
  #forget(writer: Writer): void {
    this.#underWay.delete(writer);
    this.#next();
  }

  /** Microseconds of the clock, so that it rises across restarts too. */
  #next(): number {
    this.#number = Math.max(this.#number + 1, Date.now() * 1_000);
    return this.#number;
  }
}
