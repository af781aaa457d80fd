import { appendFileSync, closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** The events that a process of the fuzz run logs; `at` is `nowMs()`. */
export type FuzzEvent = { readonly at: number } & (
  | { readonly event: 'asked'; readonly acquire: number; readonly keys: readonly string[] }
  | {
      readonly event: 'granted';
      readonly acquire: number;
      readonly token: number;
      /** `rows`: with row locks, because the lock service was down. */
      readonly by: 'lock' | 'rows';
    }
  /** The holder's own check passed after this moment, so the lease was held at this moment. */
  | { readonly event: 'held'; readonly acquire: number }
  | { readonly event: 'refused'; readonly acquire: number; readonly reason: string }
  | { readonly event: 'begun'; readonly unit: number; readonly entries: readonly string[] }
  | { readonly event: 'committed'; readonly unit: number }
  | {
      readonly event: 'failed';
      readonly unit: number;
      readonly reason: string;
      /** `perhaps` when the answer to the commit may be lost. */
      readonly committed: 'no' | 'perhaps';
    }
  /** An error that nobody handled, or a warning of Node. */
  | { readonly event: 'stray'; readonly reason: string }
);

type Untimed<T> = T extends unknown ? Omit<T, 'at'> : never;

/** Milliseconds of the machine's monotonic clock, which all its processes share. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Each event is written at once to the system, so that a killed process has logged all that it
 * knew.
 */
export class EventLog {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  note(event: Untimed<FuzzEvent>, at = nowMs()): void {
    writeSync(this.#file, `${JSON.stringify({ ...event, at })}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

export function readEvents(path: string): FuzzEvent[] {
  // A process may be killed before it opens its log.
  appendFileSync(path, '');
  const lines = readFileSync(path, 'utf8').split('\n');
  // Text after the last line break was cut off by a kill.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as FuzzEvent);
}
