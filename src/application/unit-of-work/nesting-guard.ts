import { AsyncLocalStorage } from 'node:async_hooks';
import { NestedUnitError } from '../../domain/ports/unit-of-work.js';

/** Finds a unit of work that begins inside the work of another. */
export class NestingGuard {
  private readonly inside = new AsyncLocalStorage<true>();

  /** @throws NestedUnitError called from inside the work of a unit */
  assertOutside(): void {
    if (this.inside.getStore()) throw new NestedUnitError();
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.inside.run(true, work);
  }
}
