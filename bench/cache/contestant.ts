/** Lockstep's caches are `lockstep`, other packages are `peer`, and the upper limit of an L1 is `floor`. */
export type ContestantKind = 'lockstep' | 'peer' | 'floor';

/** A cache, configured as its users would, behind one interface to read and to write. */
export interface Contestant {
  /** A short, unique name for the tables. */
  readonly id: string;
  readonly kind: ContestantKind;
  /** The name of the npm package; undefined for code of this repository. */
  readonly packageName?: string;
  /** The settings, as the page shows them. */
  readonly settings: string;
  /** Whether it caches in the process. */
  readonly hasL1: boolean;
  /** Whether it caches in Redis. */
  readonly hasL2: boolean;
  /** The connection on which L1 receives invalidations of other processes: its own, that of commands, or none. */
  readonly bus: 'own' | 'commands' | 'none';
  open(place: Place): Promise<Session>;
}

/** The connections, the L1 and the source of a new instance. */
export interface Place {
  /** The Redis URL for commands. */
  readonly url: string;
  /** The Redis URL for the bus. It is the same server, but a proxy may be in between. */
  readonly busUrl: string;
  /** `off` disables L1. A package that needs an L1 then gets one so small that it never hits. */
  readonly l1: 'on' | 'off';
  /** Reads the value from its source. */
  readonly load: (key: string) => Promise<string>;
}

/** One cache instance. In a deployment each process has one. */
export interface Session {
  /** Returns the cached value, or loads it. The caller awaits the result. */
  read(key: string): Answer | Promise<Answer>;
  /** Changes the source's value by `change`, and invalidates the key as the package documents. */
  write(key: string, change: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export type Answer = string | undefined | null | { readonly text: string | undefined };

export function textOf(answer: Answer): string {
  return (typeof answer === 'object' ? answer?.text : answer) ?? '';
}

/** The TTL of every contestant. It is longer than each scenario. */
export const TTL_MS = 60_000;

/** The maximum number of entries of every L1. */
export const L1_ENTRIES = 10_000;
