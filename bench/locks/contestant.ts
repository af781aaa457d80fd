/** `lockstep` and `peer` are locks; `floor` and `ceiling` are the limits that they are compared with. */
export type ContestantKind = 'lockstep' | 'peer' | 'floor' | 'ceiling';

/** A lock, configured as its users would, behind one interface to open, acquire and release. */
export interface Contestant {
  /** A short, unique name for the tables. */
  readonly id: string;
  readonly kind: ContestantKind;
  /** The name of the npm package; undefined for code of this repository. */
  readonly packageName?: string;
  /** The settings, as the page shows them. */
  readonly settings: string;
  /** The Redis commands that its client sends. Commands inside scripts are no round trips. */
  readonly sends: readonly string[];
  /** Loads that it does not run: it cannot wait, or its uncontended path is the same as another's. */
  readonly sitsOut: readonly LoadKind[];
  open(place: Place): Promise<Session>;
}

/** `contended`: all waiters use one key. `uncontended`: each waiter has its own keys. */
export type LoadKind = 'contended' | 'uncontended';

/** The Redis of a contestant, and the load that a tuned contestant may know. */
export interface Place {
  readonly url: string;
  /** The waiters of all processes. A deployment would not know this number. */
  readonly waiters: number;
  /** Whether all waiters start together and take the lock once. */
  readonly once: boolean;
}

/** The connection of one process to the lock. */
export interface Session {
  /** Resolves when the lock is granted, and rejects when it is refused. */
  acquire(key: string): Promise<Held>;
  close(): Promise<void>;
}

export interface Held {
  release(): Promise<unknown>;
}

/** The longest wait of a tuned peer. It is Lockstep's default. */
export const TUNED_WAIT_MS = 10_000;

/** The lease of every contestant that accepts one as a setting. It is Lockstep's default. */
export const LEASE_MS = 10_000;
