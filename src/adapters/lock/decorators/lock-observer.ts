export type WaitOutcome = 'granted' | 'busy' | 'aborted' | 'unavailable';

/**
 * What a lock tells whoever measures it; every method does nothing unless overridden.
 *
 * Called synchronously on the lock's own path: an observer must be quick and must not throw.
 */
export class LockObserver {
  /** An acquire ended after `ms`, however it ended. */
  waited(_ms: number, _outcome: WaitOutcome): void {}
  /** A lease was released after `ms`. */
  held(_ms: number): void {}
  /** An acquire found a key taken. */
  contended(): void {}
  /** A lease ended under its holder. */
  lost(): void {}
  /** A lease went to a waiter: of the same process in memory, or through the lock service. */
  handedOff(_by: 'memory' | 'service'): void {}
  /** The lock service was replaced by row locks for one unit of work. */
  fellBack(): void {}
}

export const silentObserver = new LockObserver();
