import type { Connection, RowDataPacket } from 'mysql2/promise';
import { median } from '../../statistics.js';
import type { Explained } from './read.js';

const FEWEST = 3;
const MOST = 100;

/** Asks the real server what a statement costs it. */
export class Probe {
  constructor(private readonly connection: Connection) {}

  /** Rejects where there is no row to plan for: an empty table says nothing of the query. */
  async explain(sql: string): Promise<Explained[]> {
    const [rows] = await this.connection.query<RowDataPacket[]>(`EXPLAIN ${sql}`);
    // The server plans nothing where it sees at once that no row can match.
    if (rows.some((row) => row['table'] === null)) {
      throw new Error(`no row for: ${sql} (EXPLAIN: ${rows[0]?.['Extra']})`);
    }
    return rows.map((row) => ({
      table: said(row['table']),
      type: said(row['type']),
      key: said(row['key']),
      rows: said(row['rows']),
      extra: said(row['Extra']),
    }));
  }

  /** By the session's `Handler_read%`, less what asking for them counts. */
  async rowsRead(statements: readonly string[]): Promise<number> {
    const first = await this.#handlerReads();
    const second = await this.#handlerReads();
    for (const sql of statements) await this.connection.query(sql);
    return (await this.#handlerReads()) - second - (second - first);
  }

  /** Median over as many turns as fit into `timingMs`. */
  async time(statements: readonly string[], timingMs: number): Promise<number> {
    const times: number[] = [];
    const end = performance.now() + timingMs;
    while (times.length < FEWEST || (times.length < MOST && performance.now() < end)) {
      const since = performance.now();
      for (const sql of statements) await this.connection.query(sql);
      times.push(performance.now() - since);
    }
    return median(times);
  }

  async #handlerReads(): Promise<number> {
    const [rows] = await this.connection.query<RowDataPacket[]>(
      "SHOW SESSION STATUS LIKE 'Handler_read%'",
    );
    return rows.reduce((sum, row) => sum + Number(row['Value']), 0);
  }
}

function said(value: unknown): string {
  return value === null || value === undefined ? '–' : String(value);
}
