import { StalenessJudge } from './staleness-judge.js';
import type { StalenessSummary } from './staleness-summary.js';

/** Reads the version of a resource through one instance; undefined where it does not answer. */
export type ReadVersion = (resource: string) => Promise<number | undefined>;

/** The evidence that the answers were judged by. */
export interface WatchEvidence {
  /** How often a resource was read through two instances or more. */
  readonly comparisons: number;
  /** How often an answer showed a later version than before. */
  readonly changes: number;
}

/** Writes that are remembered for each resource. */
const REMEMBERED = 100;

/**
 * Compares the answers of several instances, as a client and without own writes. When an instance has
 * shown a version, every older version that is read after that is stale.
 */
export class StalenessWatch {
  readonly #judge = new StalenessJudge(REMEMBERED);
  readonly #latest = new Map<string, number>();
  #comparisons = 0;
  #changes = 0;

  constructor(
    private readonly instances: readonly ReadVersion[],
    private readonly summary: StalenessSummary,
    private readonly nowMs: () => number,
  ) {}

  /** Without comparisons and changes no answer could have been found stale. */
  get evidence(): WatchEvidence {
    return { comparisons: this.#comparisons, changes: this.#changes };
  }

  /** Reads the resource through all instances. True: their answers agree. */
  async look(resource: string): Promise<boolean> {
    const shown = await Promise.all(this.instances.map((read) => this.#read(read, resource)));
    const versions = shown.filter((version) => version !== undefined);
    if (versions.length > 1) this.#comparisons += 1;
    for (const version of versions) this.#noteChange(resource, version);
    return new Set(versions).size <= 1;
  }

  #noteChange(resource: string, version: number): void {
    const latest = this.#latest.get(resource) ?? version;
    if (version > latest) this.#changes += 1;
    this.#latest.set(resource, Math.max(version, latest));
  }

  async #read(read: ReadVersion, resource: string): Promise<number | undefined> {
    const beganMs = this.nowMs();
    const version = await read(resource);
    if (version === undefined) return undefined;
    const endedMs = this.nowMs();
    this.#judge.shown({ resource, version, beganMs, endedMs });
    this.summary.add(this.#judge.stalenessMs({ resource, version, beganMs }));
    return version;
  }
}
