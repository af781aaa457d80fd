/** `busy`: not granted in time. `refused`: at once, since too many wait already. */
export type WaitOutcome = 'granted' | 'busy' | 'refused' | 'aborted' | 'unavailable';

/**
 * What a lock reports, for metrics. Every method does nothing unless it is overridden.
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
  /** A lease ended before its holder released it. */
  lost(): void {}
  /** A released lease went to a waiter: in memory within the process, or through the lock service. */
  handedOff(_by: 'memory' | 'service'): void {}
  /** An unguarded lease was granted, because the lock service cannot be reached. */
  fellBack(): void {}
  /** From now on acquires fall back without asking the lock service, or no longer. */
  circuitOpen(_isOpen: boolean): void {}
}

export const silentObserver = new LockObserver();
