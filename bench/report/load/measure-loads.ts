import type { Connection, RowDataPacket } from 'mysql2/promise';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { type Dataset, idOf } from '../dataset/dataset.js';
import type { ReportPlan } from '../plan.js';
import type { Progress } from '../progress.js';
import { adminToken, type Env, startInstance, untilCached } from './instances.js';
import { type LoadResult, measureLoad } from './measure-load.js';
import { rebuildRanking } from './rebuild-ranking.js';
import type { Mode } from './scenario.js';
import { PAGES, scenariosOf } from './scenarios.js';

export interface Loads {
  readonly results: readonly LoadResult[];
  /** Statements a second that all instances send to the database while there are no requests. */
  readonly idleQuestionsPerSecond: number;
}

const IDLE_MS = 2_000;

/** Measures the service on the same database in three modes: no cache, L2 only, both levels. */
export async function measureLoads(
  env: Env,
  data: Dataset,
  plan: ReportPlan,
  progress: Progress,
): Promise<Loads> {
  progress('load: building the ranking');
  await rebuildRanking(env);
  progress('load: starting the instances');
  await using resources = new AsyncDisposableStack();
  return await withConnection(env['DATABASE_URL'] ?? '', async (connection) => {
    const urls: Record<Mode, string> = {
      off: await startInstance('off', env, resources),
      shared: await startInstance('shared', env, resources),
      on: await startInstance('on', env, resources),
    };
    const product = `/v1/products/${idOf('product', 0)}`;
    await Promise.all([untilCached(urls.shared, product), untilCached(urls.on, product)]);
    const idleQuestionsPerSecond = await idle(connection);
    const clients = { token: await adminToken(env), tags: await tagsOf(urls.on) };
    const results: LoadResult[] = [];
    for (const scenario of scenariosOf(data, plan, clients)) {
      results.push(...(await measureLoad({ urls, connection }, scenario, plan, progress)));
    }
    return { results, idleQuestionsPerSecond };
  });
}

async function idle(connection: Connection): Promise<number> {
  const before = await questions(connection);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  return ((await questions(connection)) - before) / (IDLE_MS / 1000);
}

async function questions(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Questions'");
  return Number(rows[0]?.['Value']);
}

async function tagsOf(url: string): Promise<string[]> {
  const tags: string[] = [];
  for (const page of PAGES) {
    const answer = await fetch(`${url}${page}`);
    await answer.arrayBuffer();
    tags.push(answer.headers.get('etag') ?? '');
  }
  return tags;
}
