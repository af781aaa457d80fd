import type { FuzzEvent } from './event-log.js';

/** The complete record of a run, for the judge. Times are `nowMs()`. */
export interface FuzzRecord {
  readonly waitMs: number;
  readonly leaseMs: number;
  readonly processes: readonly ProcessRecord[];
  /** When the lock service lost its memory: from the last grant that it may have lost. */
  readonly losses: readonly Span[];
  /** How often each fault happened. */
  readonly faults: Readonly<Record<string, number>>;
  /** From the time when all processes worked until the signal to stop. */
  readonly span: Span;
  readonly ledger: Ledger;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ProcessRecord {
  readonly name: string;
  readonly events: readonly FuzzEvent[];
  /** Whether the fuzz run killed it. Then its ending does not matter. */
  readonly wasKilled: boolean;
  /** Such as `0`, `SIGSEGV` or `stuck`. */
  readonly ending: string;
  /** The times in which a signal had stopped it. */
  readonly pauses: readonly Span[];
}

/** The final content of the database. */
export interface Ledger {
  readonly wallets: readonly WalletLine[];
  readonly entries: readonly EntryLine[];
}

export interface WalletLine {
  readonly userId: string;
  readonly balance: number;
  readonly version: number;
}

export interface EntryLine {
  readonly id: string;
  readonly userId: string;
}
