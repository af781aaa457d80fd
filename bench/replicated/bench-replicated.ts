import { serviceProgram } from '../../tools/project-root.js';
import { startGalera } from '../../tools/servers/galera/start-galera.js';
import { startMysql } from '../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import type { Running } from '../service/contestant.js';
import { drive } from '../service/load/drive.js';
import { startShop } from '../service/lockstep/start-shop.js';
import type { Scenario } from '../service/plan.js';

export interface ReplicatedPlan {
  readonly rounds: number;
  readonly ms: number;
  readonly warmUpMs: number;
}

/** Orders of one run on one database. */
export interface ReplicatedSample {
  readonly database: string;
  readonly atOnce: number;
  readonly ordersPerSecond: number;
  /** Milliseconds of each order. */
  readonly times: readonly number[];
}

const PROGRAM = serviceProgram();
const PRODUCTS = 20;
const AT_ONCE = [1, 20];
const ORDERS: Scenario = {
  id: 'orders',
  what: 'order',
  products: PRODUCTS,
  atOnce: 1,
  among: [],
};

/** One instance on one MariaDB and one on Galera behind haproxy, under the same load in turn. */
export async function benchReplicated(
  plan: ReplicatedPlan,
  progress: (line: string) => void,
): Promise<ReplicatedSample[]> {
  await using resources = new AsyncDisposableStack();
  const single = resources.use(await startMysql({ sources: ['binary'] }));
  const galera = resources.use(await startGalera());
  const redis = resources.use(await startRedis({ sources: ['binary'] }));
  const databases = {
    'one MariaDB': await single.createDatabase(),
    'three members of Galera behind haproxy': galera.haproxy.url,
  };
  const shops: [string, Running][] = [];
  for (const [name, databaseUrl] of Object.entries(databases)) {
    const shop = await startShop(PROGRAM, { databaseUrl, redisUrl: redis.url }, ORDERS);
    shops.push([name, resources.use(shop)]);
  }
  const samples: ReplicatedSample[] = [];
  for (const atOnce of AT_ONCE) {
    for (let round = 1; round <= plan.rounds; round += 1) {
      progress(`${atOnce} at once, round ${round} of ${plan.rounds}`);
      for (const [database, shop] of shops) {
        samples.push({ database, atOnce, ...(await measure(shop, atOnce, plan)) });
      }
    }
  }
  return samples;
}

async function measure({ urls, requests }: Running, atOnce: number, plan: ReplicatedPlan) {
  let product = 0;
  const request = () => {
    product = (product + 1) % PRODUCTS;
    return requests.order?.(product);
  };
  const { answers, seconds, times } = await drive({ urls, atOnce, ...plan, request });
  return { ordersPerSecond: answers / seconds, times };
}
