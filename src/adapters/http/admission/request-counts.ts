import { LRUCache } from 'lru-cache';
import type { SharedCounts } from './shared-counts.js';

/** Most users or addresses that are counted at once; about ten megabytes. */
const MAX_KEYS = 50_000;

/** An instance reports each time a key has used this share of its limit. */
const REPORTED_SHARE = 0.1;

/** A limit of requests for each user, or each address, in windows of fixed length. */
export interface RatePolicy {
  /** Short name, sent in the headers `RateLimit` and `RateLimit-Policy`. */
  readonly name: string;
  /** Most requests in a window. */
  readonly limit: number;
  readonly windowMs: number;
}

/** What a request may do, and what remains after it. */
export interface Taken {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** Seconds until the window ends, rounded up. */
  readonly resetsInSeconds: number;
}

/**
 * Counts the requests of each user, or each address, against one limit.
 *
 * Each request is decided in memory, so none waits for Redis. An instance reports to Redis what it
 * counted once a key has used a tenth of its limit, and learns what all instances counted. So most
 * keys cost no command, and a busy one costs at most ten in a window, and one more at its limit. With n
 * instances a key may exceed its limit by n - 1 tenths, and by what arrives during a report. When
 * Redis does not answer, each instance limits by what it knows.
 *
 * Windows are parts of the wall clock, so that instances agree on them without a message. Each
 * key has its own offset: otherwise all clients that wait for a new window would return at once.
 */
export class RequestCounts {
  // With `max`, LRUCache would allocate its index for all keys at the start, which takes milliseconds.
  readonly #counts = new LRUCache<string, Count>({ maxSize: MAX_KEYS, sizeCalculation: () => 1 });
  readonly #block: number;

  constructor(
    readonly policy: RatePolicy,
    private readonly shared: Pick<SharedCounts, 'add'>,
    /** The wall clock in milliseconds. */
    private readonly now: () => number = Date.now,
  ) {
    this.#block = Math.max(1, Math.floor(policy.limit * REPORTED_SHARE));
  }

  /** Counts a request of this key, unless the limit is reached. */
  take(key: string): Taken {
    const { limit, windowMs } = this.policy;
    const now = this.now();
    const count = this.#countOf(key, now);
    const isAllowed = count.used < limit;
    if (isAllowed) {
      count.used += 1;
      count.unreported += 1;
      if (count.unreported >= this.#block || count.used === limit) this.#report(key, count);
    }
    const remaining = Math.max(0, limit - count.used);
    const endsAt = (count.window + 1) * windowMs - count.offsetMs;
    return { isAllowed, remaining, resetsInSeconds: Math.ceil((endsAt - now) / 1_000) };
  }

  #countOf(key: string, now: number): Count {
    const { windowMs } = this.policy;
    const known = this.#counts.get(key);
    const offsetMs = known?.offsetMs ?? hashOf(key) % windowMs;
    const window = Math.floor((now + offsetMs) / windowMs);
    if (known?.window === window) return known;
    const count = { window, offsetMs, used: 0, unreported: 0, isReporting: false };
    this.#counts.set(key, count);
    return count;
  }

  /** One report at a time for each key: what is counted meanwhile belongs to the next one. */
  #report(key: string, count: Count): void {
    if (count.isReporting) return;
    const reported = count.unreported;
    count.isReporting = true;
    count.unreported = 0;
    const name = `${this.policy.name}:${count.window}:${key}`;
    void this.shared.add(name, reported).then((all) => {
      count.isReporting = false;
      // Never less than before: a Redis that was down does not know what was counted meanwhile.
      count.used = Math.max(count.used, all + count.unreported);
    });
  }
}

/** The requests of one key in one window. */
interface Count {
  readonly window: number;
  readonly offsetMs: number;
  /** By this instance, and by the others as far as it knows. */
  used: number;
  /** By this instance since its last report. */
  unreported: number;
  isReporting: boolean;
}

/** FNV-1a, 32 bits: the same on every instance. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
