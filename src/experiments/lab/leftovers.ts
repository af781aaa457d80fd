import { QueryTypes } from 'sequelize';
import type { Servers } from '../experiment.js';
import { connect } from '../support/caching/connect.js';
import { openDatabase } from '../support/open-database.js';
import { beganAtMs } from '../support/run-name.js';

/** Longer than any run. Anything older belongs to a process that was killed. */
const MAX_RUN_MS = 10 * 60 * 1_000;

/**
 * Removes the tables, schemas and Redis keys of runs whose process was killed.
 *
 * Their names contain the time at which the run began, so current runs of other processes keep
 * theirs.
 *
 * @returns the names of what was removed
 */
export async function removeLeftovers(
  { databaseUrl, redisUrl }: Pick<Servers, 'databaseUrl' | 'redisUrl'>,
  nowMs = Date.now(),
): Promise<readonly string[]> {
  await using resources = new AsyncDisposableStack();
  const isLeft = (name: string) => {
    const run = /^experiment[_:](?:[a-z]+_)?([\da-f]{19})(?:$|:)/.exec(name)?.[1];
    const beganMs = run === undefined ? undefined : beganAtMs(run);
    return beganMs !== undefined && beganMs < nowMs - MAX_RUN_MS;
  };
  const { sequelize } = openDatabase(databaseUrl, 1, resources);
  const named = async (sql: string) => {
    const rows = await sequelize.query<{ name: string }>(sql, { type: QueryTypes.SELECT });
    return rows.map(({ name }) => name).filter(isLeft);
  };
  const tables = await named(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE 'experiment\\_%'",
  );
  for (const table of tables) await sequelize.query(`DROP TABLE IF EXISTS \`${table}\``);
  const schemas = await named(
    "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE 'experiment\\_%'",
  );
  for (const schema of schemas) await sequelize.query(`DROP DATABASE IF EXISTS \`${schema}\``);
  const redis = await connect(redisUrl, 'experiment:leftovers', resources);
  const keys: string[] = [];
  for await (const found of redis.scanIterator({ MATCH: 'experiment:*', COUNT: 1_000 })) {
    const left = found.filter(isLeft);
    if (left.length > 0) await redis.unlink(left);
    keys.push(...left);
  }
  return [...tables, ...schemas, ...keys];
}
