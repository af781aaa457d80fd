import { expect } from 'chai';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiClient } from '../../../support/api-client.js';

/** The default of CACHE_MAX_STALENESS_MS, which is the promise of the service. */
const BOUND_MS = 1_000;
const WRITE_EVERY_MS = 200;
const READ_EVERY_MS = 100;
/**
 * Longer than the time for which products are refused after Redis lost its data
 * (CACHE_HOLD_OFF_MS).
 */
const WITNESS_MS = 20_000;

/** A version of a product, and when its client learned that it was committed. */
export interface VersionWritten {
  readonly version: number;
  readonly knownAt: number;
}

/** A version from the answer of an instance, and when the read began. */
export interface VersionRead {
  readonly from: string;
  readonly version: number;
  readonly askedAt: number;
}

/**
 * Changes one product through nginx without a pause, and reads it through every instance.
 *
 * Versions rise with each change, also with one whose answer was lost. So a version is certainly
 * stale when it is older than one that was known to be committed a bound before the read.
 */
export class FreshnessProbe implements Disposable {
  readonly writes: VersionWritten[] = [];
  readonly reads: VersionRead[] = [];
  readonly #loops: Promise<void>[];
  #isOver = false;

  constructor(admin: ApiClient, instances: ReadonlyMap<string, ApiClient>, path: string) {
    let price = 1;
    this.#loops = [
      this.#repeat(WRITE_EVERY_MS, async () => {
        price += 1;
        const { status, body } = await admin.patch(path, { price });
        if (status !== 200) return;
        this.writes.push({ version: body.version, knownAt: performance.now() });
      }),
      ...[...instances].map(([from, client]) =>
        this.#repeat(READ_EVERY_MS, async () => {
          const askedAt = performance.now();
          const { status, body } = await client.get(path);
          if (status === 200) this.reads.push({ from, version: body.version, askedAt });
        }),
      ),
    ];
  }

  /**
   * Ends after a change that was accepted after this call and read again, because while a server is
   * down no change may be accepted. Without such a change within `WITNESS_MS` the verdict has less
   * evidence, or none.
   */
  async stop(): Promise<Verdict> {
    const changes = this.writes.length;
    await eventually(
      async () => {
        expect(this.writes.length).to.be.greaterThan(changes);
        expect(this.reads.at(-1)?.askedAt).to.be.greaterThan(this.writes[changes]?.knownAt ?? 0);
      },
      { withinMs: WITNESS_MS },
    ).catch(() => undefined);
    this[Symbol.dispose]();
    await Promise.all(this.#loops);
    return freshness(this.writes, this.reads);
  }

  /** Changes and reads nothing more. */
  [Symbol.dispose](): void {
    this.#isOver = true;
  }

  async #repeat(everyMs: number, work: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      // An instance that cannot be reached is tried again. Only answers count.
      await work().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}

export function freshness(
  writes: readonly VersionWritten[],
  reads: readonly VersionRead[],
): Verdict {
  const broken = reads.flatMap(({ from, version, askedAt }) => {
    const replaced = writes.find((write) => write.version > version);
    const ageMs = replaced ? askedAt - replaced.knownAt : 0;
    if (ageMs <= BOUND_MS) return [];
    return [`${from} answered version ${version}, replaced ${ageMs.toFixed(0)} ms before`];
  });
  // Without a change every answer is fresh, so it proves nothing.
  const seen = Math.min(writes.length, reads.length);
  return verdictOf(`no answer replaced longer ago than ${BOUND_MS} ms`, seen, broken);
}
