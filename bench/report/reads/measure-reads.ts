import { openMysql } from '../../../src/adapters/persistence/sql/connections/mysql-database.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import type { Dataset } from '../dataset/dataset.js';
import { Probe } from './probe.js';
import type { MeasuredRead, Read } from './read.js';
import { readsOf } from './reads.js';

/** Measures what each read costs the database without a cache. */
export async function measureReads(
  url: string,
  data: Dataset,
  timingMs: number,
): Promise<MeasuredRead[]> {
  const database = openMysql({
    ...{ url, poolMax: 1, acquireMs: 60_000, connectMs: 5_000, queryMs: 60_000 },
  });
  try {
    // Sequelize sends statements of its own on the first connection, which must not count for a read.
    await database.sequelize.authenticate();
    return await withConnection(url, async (connection) => {
      const probe = new Probe(connection);
      const measured: MeasuredRead[] = [];
      for (const read of readsOf(database, data)) {
        const { name, cached, strategy, why } = read;
        const sqls = await statementsOf(database, read);
        const rowsRead = await probe.rowsRead(sqls);
        const ms = await probe.time(sqls, timingMs);
        const statements = [];
        for (const sql of sqls) statements.push({ sql, explained: await probe.explain(sql) });
        measured.push({ name, cached, strategy, why, lines: data.lines, statements, rowsRead, ms });
      }
      return measured;
    });
  } finally {
    await database.close();
  }
}

/** Records the SQL that the service sends for a read, so that the benchmark needs no copy of it. */
async function statementsOf({ sequelize }: SqlDatabase, read: Read): Promise<string[]> {
  const statements: string[] = [];
  const { options } = sequelize as unknown as Logging;
  options.logging = (line) => {
    statements.push(
      line
        .replace(/^Executing \([^)]*\): /, '')
        .replace(/;$/, '')
        .trim(),
    );
  };
  await read.ask();
  options.logging = false;
  return statements;
}

/** A field of Sequelize that its types do not declare. */
interface Logging {
  readonly options: { logging: false | ((line: string) => void) };
}
