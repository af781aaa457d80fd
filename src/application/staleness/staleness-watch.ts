import { StalenessJudge } from './staleness-judge.js';
import type { StalenessSummary } from './staleness-summary.js';

/** Reads the version of a resource through one instance; undefined where it does not answer. */
export type ReadVersion = (resource: string) => Promise<number | undefined>;

/** Writes that are remembered of each resource. */
const REMEMBERED = 100;

/**
 * Compares what several instances answer, from outside and without a write of its own: once one
 * of them has shown a version, every older one is stale that is read after that.
 */
export class StalenessWatch {
  readonly #judge = new StalenessJudge(REMEMBERED);

  constructor(
    private readonly instances: readonly ReadVersion[],
    private readonly summary: StalenessSummary,
    private readonly nowMs: () => number,
  ) {}

  /** Reads the resource through all instances; answers whether they agree. */
  async look(resource: string): Promise<boolean> {
    const shown = await Promise.all(this.instances.map((read) => this.#read(read, resource)));
    const versions = new Set(shown.filter((version) => version !== undefined));
    return versions.size <= 1;
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
