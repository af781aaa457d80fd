/** What takes part in the comparison: Lockstep's own ways, other packages, and the two limits. */
export type ContestantKind = 'lockstep' | 'peer' | 'floor' | 'ceiling';

/** A lock as its users would set it up, behind one way to open, acquire and release. */
export interface Contestant {
  /** Short and unique: what the tables call it. */
  readonly id: string;
  readonly kind: ContestantKind;
  /** The package as npm names it, undefined for what is written here. */
  readonly packageName?: string;
  /** Its settings, for the page that documents them. */
  readonly settings: string;
  /** The Redis commands its client sends; those only its scripts run are not round trips. */
  readonly sends: readonly string[];
  /** Where it has nothing to show: it cannot wait, or only repeats another's free path. */
  readonly sitsOut: readonly LoadKind[];
  open(place: Place): Promise<Session>;
}

/** Whether waiters share one key, or each has keys of its own. */
export type LoadKind = 'contended' | 'uncontended';

/** Where a contestant runs, and what it may be tuned to. */
export interface Place {
  readonly url: string;
  /** In all processes together: more than a deployment would know. */
  readonly waiters: number;
  /** Whether each comes but once, all together. */
  readonly once: boolean;
}

/** One process's connection to the lock. */
export interface Session {
  /** Rejects when the lock is refused. */
  acquire(key: string): Promise<Held>;
  close(): Promise<void>;
}

export interface Held {
  release(): Promise<unknown>;
}

/** How long a tuned peer waits at most, as long as Lockstep does by default. */
export const TUNED_WAIT_MS = 10_000;

/** The lease of every contestant that takes one, Lockstep's default. */
export const LEASE_MS = 10_000;
