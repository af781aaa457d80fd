import { bucketOf, type SalesSpan, WINDOWS } from '../../domain/popularity/popularity.js';

/** The two sizes of buckets: one for the short windows, one for the long windows. */
const SHORT = WINDOWS['10m'];
const LONG = WINDOWS['7d'];

/** How many bucket lengths a bucket is kept after its last window, because clocks differ. */
const SLACK_BUCKETS = 3;

/**
 * The keys of the ranking of one database. They contain a name of that database, because others may
 * use the same Redis.
 *
 * All keys are in one slot of a cluster, because a script adds up many of them.
 */
export class SalesBuckets {
  readonly rebuild: string;
  readonly builtOn: string;
  readonly scratch: string;

  constructor(private readonly name: string) {
    this.rebuild = this.#key('rebuild');
    this.builtOn = this.#key('built-on');
    this.scratch = this.#key('scratch');
  }

  /** The keys of a sale at this time, and when each expires, in milliseconds since the epoch. */
  ofSale(soldAt: Date) {
    const short = bucketOf(soldAt, SHORT.bucketMs);
    const long = bucketOf(soldAt, LONG.bucketMs);
    const shortEnd = expiry(SHORT, short);
    return {
      keys: [
        this.#known(long),
        this.#sold(SHORT.bucketMs, short),
        this.#sold(LONG.bucketMs, long),
        this.#buyers(short),
      ],
      // What is known of a payment must be kept as long as the last bucket that counts it.
      expireAt: [expiry(LONG, long), shortEnd, expiry(LONG, long), shortEnd],
    };
  }

  /** The buckets of a span. */
  within({ from, until, bucketMs }: SalesSpan): string[] {
    return starts(from.getTime(), until.getTime(), bucketMs).map((at) => this.#sold(bucketMs, at));
  }

  /** The buyers of a span of the short windows. */
  buyersWithin({ from, until }: SalesSpan): string[] {
    return starts(from.getTime(), until.getTime(), SHORT.bucketMs).map((at) => this.#buyers(at));
  }

  /** Every bucket that may exist at this time, and what is known of the payments in them. */
  all(now: Date): string[] {
    const short = reach(SHORT, now);
    const long = reach(LONG, now);
    return [
      ...short.map((start) => this.#sold(SHORT.bucketMs, start)),
      ...short.map((start) => this.#buyers(start)),
      ...long.map((start) => this.#sold(LONG.bucketMs, start)),
      ...long.map((start) => this.#known(start)),
    ];
  }

  #sold(bucketMs: number, start: number): string {
    return this.#key(`sold:${bucketMs}:${start}`);
  }

  #buyers(start: number): string {
    return this.#key(`buyers:${start}`);
  }

  #known(start: number): string {
    return this.#key(`known:${start}`);
  }

  #key(part: string): string {
    return `{lockstep:sold:${this.name}}:${part}`;
  }
}

interface Shape {
  readonly lengthMs: number;
  readonly bucketMs: number;
}

function expiry({ lengthMs, bucketMs }: Shape, start: number): number {
  return start + lengthMs + SLACK_BUCKETS * bucketMs;
}

function reach({ lengthMs, bucketMs }: Shape, now: Date): number[] {
  const slack = 2 * SLACK_BUCKETS * bucketMs;
  const running = bucketOf(now, bucketMs);
  return starts(running - lengthMs - slack, running + slack, bucketMs);
}

function starts(from: number, until: number, bucketMs: number): number[] {
  return Array.from({ length: (until - from) / bucketMs }, (_, i) => from + i * bucketMs);
}
