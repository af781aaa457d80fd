import type { Connection, RowDataPacket } from 'mysql2/promise';
import { median } from '../../statistics.js';
import type { Explained } from './read.js';

const FEWEST = 3;
const MOST = 100;

/** Measures the cost of statements on a real database server. */
export class Probe {
  constructor(private readonly connection: Connection) {}

  /** @throws Error no row can match, so that EXPLAIN would not show the plan of the query */
  async explain(sql: string): Promise<Explained[]> {
    // By default MySQL 9 shows a tree without the columns.
    const explain = `EXPLAIN FORMAT=TRADITIONAL ${sql}`;
    const [rows] = await this.connection.query<RowDataPacket[]>(explain);
    // `table` is NULL when the optimizer sees that no row can match and makes no plan.
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

  /** Rows read by the statements, from `Handler_read%` without the reads of the status query itself. */
  async rowsRead(statements: readonly string[]): Promise<number> {
    const first = await this.#handlerReads();
    const second = await this.#handlerReads();
    for (const sql of statements) await this.connection.query(sql);
    return (await this.#handlerReads()) - second - (second - first);
  }

  /** Runs the statements for about `timingMs`, and returns the median time of one run in milliseconds. */
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
