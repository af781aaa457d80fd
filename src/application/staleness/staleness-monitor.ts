import { Replacements } from './replacements.js';
import type { VersionReader } from './version-reader.js';

export interface MonitorSettings {
  /** Share of the written resources that are read again, from 0 to 1. */
  readonly share: number;
  /** When, in milliseconds after the write. */
  readonly afterMs: readonly number[];
  readonly nowMs: () => number;
  /** Gets how stale an answer was, in milliseconds; 0: it was current. */
  readonly observe: (staleMs: number) => void;
}

/** Most samples at the same time; further writes are not sampled. */
const MOST_SAMPLES = 100;

/**
 * Reads a written resource again a little later, through the cache of this instance, and compares it
 * with the database (after Meta's Polaris, "Cache made consistent", 2022).
 *
 * Each time it reads the database first and the cache second. So the writes of other instances count
 * too, from the moment at which they were seen.
 */
export class StalenessMonitor {
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(
    private readonly versions: VersionReader,
    private readonly settings: MonitorSettings,
  ) {}

  /** A commit has changed these resources. */
  written(resources: readonly string[]): void {
    for (const resource of resources) {
      if (Math.random() < this.settings.share) this.#sample(resource);
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #sample(resource: string): void {
    const { afterMs } = this.settings;
    if (this.#timers.size + afterMs.length > MOST_SAMPLES * afterMs.length) return;
    const replacements = new Replacements();
    for (const ms of afterMs) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        // When a server does not answer, this sample is skipped.
        this.#look(resource, replacements).catch(() => {});
      }, ms);
      this.#timers.add(timer);
    }
  }

  async #look(resource: string, replacements: Replacements): Promise<void> {
    const { nowMs, observe } = this.settings;
    const current = await this.versions.current(resource);
    if (current === undefined) return;
    replacements.known(current, nowMs());
    const beganMs = nowMs();
    const cached = await this.versions.cached(resource);
    if (cached === undefined) return;
    const replacedMs = replacements.replacedAt(cached);
    observe(replacedMs === undefined ? 0 : Math.max(0, beganMs - replacedMs));
  }
}
