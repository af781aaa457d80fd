import { StalenessJudge } from '../../../../application/staleness/staleness-judge.js';
import type { CacheSource } from '../../../../domain/ports/cache-port.js';
import type { ShownAnswer, ShownChange, ShownInstance } from './cluster-schemas.js';

/** What a read of the product through one instance got; times in milliseconds on one clock. */
export interface ObservedAnswer {
  readonly price: number;
  readonly version: number;
  readonly source: CacheSource;
  readonly beganMs: number;
  readonly endedMs: number;
}

/** Changes that are remembered to judge an answer. */
const REMEMBERED = 100;

class Seen {
  answer: ShownAnswer | undefined;
  /** When the first read began that has had no answer since. */
  silentSinceMs: number | undefined;
  answers = 0;
  worstStaleMs = 0;
  beyondBound = 0;
}

interface Change extends ShownChange {
  readonly atMs: number;
}

/** Judges the answers of some instances, as a client could, and remembers the latest change. */
export class ClusterObservations {
  readonly #judge = new StalenessJudge(REMEMBERED);
  readonly #seen: readonly Seen[];
  #latestVersion: number | undefined;
  #change: Change | undefined;

  constructor(
    instances: number,
    private readonly resource: string,
    private readonly boundMs: number,
  ) {
    this.#seen = Array.from({ length: instances }, () => new Seen());
  }

  /** The latest change; undefined: the product has had one version only. */
  get change(): ShownChange | undefined {
    if (!this.#change) return undefined;
    const { price, version, agreedMs } = this.#change;
    return { price, version, agreedMs };
  }

  /** A client got the answer to its change at this time. */
  changed(price: number, version: number, atMs: number): void {
    this.#judge.acknowledged(this.resource, version, atMs);
    this.#noteVersion(price, version, atMs);
  }

  answered(index: number, { price, version, source, beganMs, endedMs }: ObservedAnswer): void {
    const { resource } = this;
    this.#judge.shown({ resource, version, beganMs, endedMs });
    const staleMs = this.#judge.stalenessMs({ resource, version, beganMs });
    const seen = this.#of(index);
    seen.answer = { price, version, source, staleMs };
    seen.silentSinceMs = undefined;
    seen.answers += 1;
    seen.worstStaleMs = Math.max(seen.worstStaleMs, staleMs);
    if (staleMs > this.boundMs) seen.beyondBound += 1;
    this.#noteVersion(price, version, endedMs);
    this.#noteAgreement(endedMs);
  }

  /** A read that began at this time had no answer. */
  notAnswered(index: number, beganMs: number): void {
    this.#of(index).silentSinceMs ??= beganMs;
  }

  shown(index: number, nowMs: number): Omit<ShownInstance, 'number' | 'url' | 'state'> {
    const { silentSinceMs, ...seen } = this.#of(index);
    return { ...seen, silentMs: silentSinceMs === undefined ? 0 : nowMs - silentSinceMs };
  }

  #of(index: number): Seen {
    const seen = this.#seen[index];
    if (!seen) throw new Error(`there is no instance ${index}`);
    return seen;
  }

  #noteVersion(price: number, version: number, atMs: number): void {
    const known = this.#latestVersion;
    if (known !== undefined && version <= known) return;
    this.#latestVersion = version;
    // Nobody knows since when the first version has been there.
    if (known !== undefined) this.#change = { price, version, atMs, agreedMs: undefined };
  }

  /** An instance that does not answer cannot disagree. */
  #noteAgreement(nowMs: number): void {
    const change = this.#change;
    if (!change || change.agreedMs !== undefined) return;
    const answering = this.#seen.filter(({ silentSinceMs }) => silentSinceMs === undefined);
    if (!answering.every(({ answer }) => answer?.version === change.version)) return;
    this.#change = { ...change, agreedMs: Math.max(0, nowMs - change.atMs) };
  }
}
