import { type Note, type Step, sharedClock } from '../timeline.js';

/** Counts the steps of many readers, to show each step as one line. */
export class StepCounts {
  readonly #counts = new Map<Step, { readonly firstMs: number; count: number }>();

  readonly note: Note = (step) => {
    const known = this.#counts.get(step) ?? { firstMs: sharedClock(), count: 0 };
    known.count += 1;
    this.#counts.set(step, known);
  };

  clear(): void {
    this.#counts.clear();
  }

  noteAll(note: Note): void {
    for (const [step, { firstMs, count }] of this.#counts) note(step, `×${count}`, firstMs);
  }
}
