import { SqlSalesQueries } from '../../src/adapters/persistence/sql/aggregates/sales.js';
import { openMysql } from '../../src/adapters/persistence/sql/connections/mysql-database.js';
import type { SqlDatabase } from '../../src/adapters/persistence/sql/connections/sql-database.js';
import { migrate } from '../../src/adapters/persistence/sql/migrations/migrate.js';
import { SqlTransactions } from '../../src/adapters/persistence/sql/sql-transactions.js';
import { RANKED, spanOf } from '../../src/domain/popularity/popularity.js';
import type { DatabaseServer } from '../../tools/servers/mysql/database-server.js';
import { startMysql } from '../../tools/servers/mysql/start-mysql.js';
import { askRedis } from '../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import { TemporaryFolder } from '../../tools/servers/temporary-folder.js';
import { databaseVersion, describeMachine, loadNow } from '../machine.js';
import { writeIntentCost } from './coherence/write-intent-cost.js';
import { type Dataset, datasetOf } from './dataset/dataset.js';
import { loadDataset } from './dataset/load-dataset.js';
import { serviceEnv } from './load/instances.js';
import { measureLoads } from './load/measure-loads.js';
import { readLockFigures } from './lock-figures.js';
import type { ReportPlan } from './plan.js';
import type { Progress } from './progress.js';
import { measureReads } from './reads/measure-reads.js';
import type { MeasuredRead } from './reads/read.js';
import type { CacheReport } from './report.js';

/** The report starts its own servers, so that their counters include no other client. */
const SOURCES = ['docker', 'binary'] as const;

/** Measures all sections of the report, on a database and a Redis that it starts and stops. */
export async function runReport(
  command: string,
  plan: ReportPlan,
  locksFile: string,
  progress: Progress,
): Promise<CacheReport> {
  const since = performance.now();
  const loadBefore = loadNow();
  await using resources = new AsyncDisposableStack();
  const settings = { 'innodb-buffer-pool-size': '512M' };
  const database = resources.use(await startMysql({ sources: SOURCES, settings }));
  const redis = resources.use(
    await startRedis({ sources: SOURCES, settings: { appendonly: 'no', save: '' } }),
  );
  const folder = new TemporaryFolder('report');
  resources.defer(() => folder.close());

  const reads: MeasuredRead[] = [];
  let last: { readonly url: string; readonly dataset: Dataset } | undefined;
  for (const size of plan.sizes) {
    const dataset = datasetOf(size);
    const url = await filledDatabase(database, dataset, progress);
    progress(`${size} lines: reads`);
    reads.push(...(await measureReads(url, dataset, plan.timingMs)));
    last = { url, dataset };
  }
  if (!last) throw new Error('the plan of a report needs at least one size');
  const { url, dataset } = last;
  const env = { ...serviceEnv(url, redis.url, folder.path), ...plan.settings };
  const { results, idleQuestionsPerSecond } = await measureLoads(env, dataset, plan, progress);
  progress('writes with and without a write intent');
  const writes = await writeIntentCost(env, dataset, plan);
  const redisInfo = String(await askRedis(redis.url, ['INFO', 'server']));
  return {
    ...{ command, plan, dataset, reads, loads: results, idleQuestionsPerSecond, writes },
    date: new Date().toISOString().slice(0, 10),
    seconds: Math.round((performance.now() - since) / 1000),
    machine: describeMachine(redisInfo, loadBefore),
    database: await databaseVersion(url),
    locks: readLockFigures(locksFile),
  };
}

async function filledDatabase(
  server: DatabaseServer,
  dataset: Dataset,
  progress: Progress,
): Promise<string> {
  const url = await server.createDatabase();
  const database = openMysql({
    ...{ url, poolMax: 1, acquireMs: 60_000, connectMs: 5_000, queryMs: 60_000 },
  });
  try {
    await migrate(database.sequelize);
    await loadDataset(url, dataset, progress);
    progress(`${dataset.lines} lines: rankings`);
    await storeRanking(database);
  } finally {
    await database.close();
  }
  return url;
}

/** Stores the ranking that the daily refresh would store, so that its read finds a row. */
async function storeRanking(database: SqlDatabase): Promise<void> {
  const { sequelize, tables } = database;
  const computedAt = new Date();
  const span = spanOf('7d', computedAt);
  const sold = await new SqlSalesQueries(sequelize, tables).top(span, RANKED);
  const tx = await new SqlTransactions(database).begin();
  await tx.rankings.publish({ window: '7d', computedAt, sold });
  await tx.commit();
}
