import { type Note, type Step, sharedClock } from '../timeline.js';

/** Gathers what hundreds of readers do, to write it down as one line a step. */
export class Tally {
  readonly #counts = new Map<Step, { readonly firstMs: number; count: number }>();

  readonly note: Note = (step) => {
    const known = this.#counts.get(step) ?? { firstMs: sharedClock(), count: 0 };
    known.count += 1;
    this.#counts.set(step, known);
  };

  clear(): void {
    this.#counts.clear();
  }

  writeDown(note: Note): void {
    for (const [step, { firstMs, count }] of this.#counts) note(step, `×${count}`, firstMs);
  }
}
