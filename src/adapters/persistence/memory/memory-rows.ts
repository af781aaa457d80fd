import type { MemoryTables } from './memory-database.js';

/** A change of some rows; it runs on the transaction's copy at once and again at the commit. */
export type Write = (tables: MemoryTables) => void;

/** What the repositories of one transaction share: its copy of the tables, and its writes. */
export abstract class MemoryRows {
  constructor(
    protected readonly tables: MemoryTables,
    protected readonly write: (change: Write) => void,
  ) {}
}
