import { setTimeout as delay } from 'node:timers/promises';
import type { Cache, Load } from '../../src/adapters/cache/cache.js';

/** Longest wait for an expected event, in milliseconds. It costs nothing when the test passes. */
const WAIT_TIMEOUT_MS = Number(process.env['TEST_WAIT_TIMEOUT_MS'] ?? 30_000);

export interface CacheHarness {
  readonly cache: Cache;
  close(): Promise<void>;
}

/** A value in a database, and the number of its loads. */
export class Truth {
  loads = 0;
  /** Undefined: there is no such thing. */
  constructor(public text: string | undefined) {}

  readonly load: Load = async () => {
    this.loads += 1;
    const { text } = this;
    await new Promise(setImmediate);
    return text === undefined ? undefined : { text };
  };
}

/** A load that ends when the test calls `end`. */
export class SlowLoad {
  #open: (() => void) | undefined;
  readonly begun: Promise<void>;
  #begin: () => void = () => {};

  constructor(private readonly text: () => string) {
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  readonly load: Load = async () => {
    const text = this.text();
    this.#begin();
    await new Promise<void>((resolve) => {
      this.#open = resolve;
    });
    return { text };
  };

  end(): void {
    this.#open?.();
  }
}

let count = 0;

/** A unique name, because suites share a Redis, and tests share a cache. */
export function unique(name: string): string {
  count += 1;
  return `${name}:${process.pid}-${Date.now()}-${count}`;
}

/** Repeats `check` until it neither throws nor returns false; then fails with its last error. */
export async function eventually(check: () => unknown | Promise<unknown>): Promise<void> {
  const end = performance.now() + WAIT_TIMEOUT_MS;
  for (;;) {
    try {
      if ((await check()) !== false) return;
      if (performance.now() > end) throw new Error(`not in ${WAIT_TIMEOUT_MS} ms: ${check}`);
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await delay(2);
  }
}

/** The error of a promise that must reject. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const fulfilled = Symbol();
  const outcome = await promise.then(
    () => fulfilled,
    (error: unknown) => error,
  );
  if (outcome === fulfilled) throw new Error('expected a rejection');
  return outcome;
}
