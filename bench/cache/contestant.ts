/** What takes part in the comparison: Lockstep's caches, other packages, and the limit for an L1. */
export type ContestantKind = 'lockstep' | 'peer' | 'floor';

/** A cache as its users would set it up, behind one way to read and to write. */
export interface Contestant {
  /** Short and unique: what the tables call it. */
  readonly id: string;
  readonly kind: ContestantKind;
  /** The package as npm names it, undefined for what is written here. */
  readonly packageName?: string;
  /** Its settings, for the page that documents them. */
  readonly settings: string;
  /** Whether it keeps answers in the process. */
  readonly hasL1: boolean;
  /** Whether it keeps answers in Redis. */
  readonly hasL2: boolean;
  /** How its L1 hears of other processes' writes: on a connection of its own, that of its commands, or not. */
  readonly bus: 'own' | 'commands' | 'none';
  open(place: Place): Promise<Session>;
}

/** Where an instance of a contestant runs. */
export interface Place {
  /** For commands. */
  readonly url: string;
  /** For the connections of its bus: the same server, but another way may lead there. */
  readonly busUrl: string;
  /** Off, or where that cannot be, so small that it never hits. */
  readonly l1: 'on' | 'off';
  /** Reads the value from its source. */
  readonly load: (key: string) => Promise<string>;
}

/** One instance: in a deployment one process would have it. */
export interface Session {
  /** Answers from the cache, or loads; what users would await. */
  read(key: string): Answer | Promise<Answer>;
  /** Changes the source's value by `change`, and invalidates the key as the package documents. */
  write(key: string, change: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export type Answer = string | undefined | null | { readonly text: string | undefined };

export function textOf(answer: Answer): string {
  return (typeof answer === 'object' ? answer?.text : answer) ?? '';
}

/** The TTL of every contestant, longer than any of the scenarios. */
export const TTL_MS = 60_000;

/** Entries that fit into every L1. */
export const L1_ENTRIES = 10_000;
