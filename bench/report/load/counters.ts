import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { CacheSource } from '../../../src/domain/ports/cache-port.js';

const SOURCES: readonly CacheSource[] = ['l1', 'l2', 'stored', 'miss', 'bypass'];

export type SourceCounts = Readonly<Record<CacheSource, number>>;

/** The counters of the database and of the cache since their start. */
export interface Counters {
  readonly questions: number;
  readonly selects: number;
  readonly sources: SourceCounts;
}

export async function readCounters(connection: Connection, url: string): Promise<Counters> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_select')",
  );
  const status = Object.fromEntries(
    rows.map((row) => [row['Variable_name'], Number(row['Value'])]),
  );
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const count = (source: CacheSource) => {
    const line = new RegExp(`^cache_reads_total\\{[^}]*source="${source}"[^}]*\\} (\\S+)$`, 'm');
    return [source, Number(line.exec(metrics)?.[1] ?? 0)];
  };
  return {
    questions: status['Questions'] ?? 0,
    selects: status['Com_select'] ?? 0,
    sources: Object.fromEntries(SOURCES.map(count)) as SourceCounts,
  };
}

export function between(before: Counters, after: Counters): Counters {
  const grown = SOURCES.map((source) => [source, after.sources[source] - before.sources[source]]);
  return {
    questions: after.questions - before.questions,
    selects: after.selects - before.selects,
    sources: Object.fromEntries(grown) as SourceCounts,
  };
}
