import type { FuzzEvent } from './event-log.js';

/** The complete record of a run, for the judge. Times are `nowMs()`. */
export interface FuzzRecord {
  readonly waitMs: number;
  readonly leaseMs: number;
  readonly processes: readonly ProcessRecord[];
  /** When the lock service lost what it knew: from the last grant it may have lost. */
  readonly losses: readonly Span[];
  /** How often each fault was inflicted. */
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
  /** By the fuzz; it is not asked how else it ended. */
  readonly wasKilled: boolean;
  /** As in `0`, `SIGSEGV` or `stuck`. */
  readonly ending: string;
  /** While it was stopped by a signal. */
  readonly pauses: readonly Span[];
}

/** What the database says in the end. */
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
