import { setTimeout as delay, setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Held, Session } from '../contestant.js';
import type { Scenario } from '../plan.js';
import { nowMs } from './monotonic-clock.js';
import type { ProcessLog } from './section-log.js';

/** A refused waiter asks again after this pause, as a client does after a 503. */
const RETURN_MS = 100;
const KEYS_A_WAITER = 16;

export type LoadShape = Pick<Scenario, 'kind' | 'waiters' | 'sectionMs' | 'pauseMs' | 'once'>;

/** The waiters of one process. Each acquires the lock, runs its section, and releases the lock. */
export class Load {
  /** For each waiter the time at which it asked; NaN while it does not wait. */
  readonly #asked: number[];
  readonly #sections: number[] = [];
  readonly #refusals: number[] = [];
  readonly #failures: string[] = [];
  #stopped = false;

  constructor(
    private readonly session: Session,
    private readonly shape: LoadShape,
    private readonly key: string,
  ) {
    this.#asked = new Array<number>(shape.waiters).fill(Number.NaN);
  }

  /** Resolves when every waiter has ended: after its only section, or after `stop`. */
  async run(): Promise<void> {
    await Promise.all(this.#asked.map((_, waiter) => this.#waiter(waiter)));
  }

  /** Stops all waiters and returns the log. Those that wait go on until they get the lock, and release it at once. */
  stop(): ProcessLog {
    this.#stopped = true;
    return {
      sections: Float64Array.from(this.#sections),
      refusals: Float64Array.from(this.#refusals),
      waiting: Float64Array.from(this.#asked.filter((asked) => !Number.isNaN(asked))),
      failures: this.#failures,
    };
  }

  failed(error: unknown): void {
    this.#failures.push(String(error));
  }

  async #waiter(waiter: number): Promise<void> {
    for (let turn = 0; !this.#stopped && (turn === 0 || !this.shape.once); turn += 1) {
      await this.#turn(waiter, this.#keyFor(waiter, turn));
    }
  }

  async #turn(waiter: number, key: string): Promise<void> {
    const asked = nowMs();
    this.#asked[waiter] = asked;
    const held = await this.session.acquire(key).catch(() => undefined);
    const entered = nowMs();
    this.#asked[waiter] = Number.NaN;
    if (held) return this.#section(held, waiter, asked, entered);
    this.#refusals.push(entered);
    if (!this.shape.once) await delay(RETURN_MS);
  }

  async #section(held: Held, waiter: number, asked: number, entered: number): Promise<void> {
    if (!this.#stopped) {
      const { sectionMs } = this.shape;
      if (sectionMs === 0) await turnOfTheLoop();
      else if (sectionMs) await delay(sectionMs);
      this.#sections.push(waiter, asked, entered, nowMs());
    }
    await held.release().catch((error: unknown) => this.failed(error));
    if (this.shape.pauseMs > 0 && !this.#stopped) await delay(this.shape.pauseMs);
  }

  #keyFor(waiter: number, turn: number): string {
    if (this.shape.kind === 'contended') return this.key;
    return `${this.key}:${waiter}:${turn % KEYS_A_WAITER}`;
  }
}
