import { serviceProgram } from '../../../tools/project-root.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { datasetOf } from '../../report/dataset/dataset.js';
import { loadDataset } from '../../report/dataset/load-dataset.js';
import { type Env, serviceEnv, untilCached } from '../../report/load/instances.js';
import { rebuildRanking } from '../../report/load/rebuild-ranking.js';
import type { Servers } from '../contestant.js';
import { requestBytes } from '../load/connection.js';
import { measure } from '../load/measure.js';
import { type Started, startProcess } from '../load/start-process.js';
import { createTables } from '../lockstep/prepare-shop.js';
import type { GrowthPlan, Plan } from '../plan.js';
import type { Sample } from '../sample.js';
import { type GrowthRead, readsOf, shopOf } from './reads.js';

const PROGRAM = serviceProgram();
/** Order lines of the last two weeks. The number is the same in every shop. */
const ORDER_LINES = 40_000;
const WARM_UP_MS = 200;

interface Shop {
  readonly id: string;
  readonly servers: Servers;
  readonly instances: { readonly cached: Started; readonly uncached: Started };
  readonly reads: readonly GrowthRead[];
}

/** Measures the reads of shops of different sizes, one request at a time. The shops alternate. */
export async function runGrowth(
  makeServers: () => Promise<Servers>,
  { sizes, ms }: GrowthPlan,
  { rounds }: Plan,
  progress: (line: string) => void,
): Promise<Sample[]> {
  await using resources = new AsyncDisposableStack();
  // All servers are made before a shop opens, because `makeServers` empties Redis.
  const servers: Servers[] = [];
  for (const _ of sizes) servers.push(await makeServers());
  const shops: Shop[] = [];
  for (const [i, products] of sizes.entries()) {
    shops.push(await openShop(servers[i] as Servers, products, progress, resources));
  }
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    progress(`growth, round ${round + 1} of ${rounds}`);
    const sequence = round % 2 === 0 ? shops : shops.toReversed();
    for (const { id: scenario } of shops[0]?.reads ?? []) {
      for (const shop of sequence) samples.push(await readShop(shop, scenario, round, ms));
    }
  }
  return samples;
}

async function readShop(
  { id, servers, instances, reads }: Shop,
  scenario: string,
  round: number,
  ms: number,
): Promise<Sample> {
  const read = reads.find((each) => each.id === scenario);
  if (!read) throw new Error(`${id} has no read ${scenario}`);
  const { child, url } = instances[read.fromDatabase ? 'uncached' : 'cached'];
  let number = 0;
  return measure({
    ...{ servers, ms, warmUpMs: WARM_UP_MS, atOnce: 1 },
    label: { contestant: id, scenario, round },
    urls: [url],
    processes: [child],
    request() {
      number += 1;
      return requestBytes('GET', read.path(number));
    },
  });
}

async function openShop(
  servers: Servers,
  products: number,
  progress: (line: string) => void,
  resources: AsyncDisposableStack,
): Promise<Shop> {
  const { databaseUrl, redisUrl } = servers;
  const dataset = { ...datasetOf(ORDER_LINES), products };
  const id = shopOf(products);
  progress(`${id}: filling the database`);
  await createTables(databaseUrl);
  await loadDataset(databaseUrl, dataset, () => undefined);
  const folder = new TemporaryFolder('bench-growth');
  resources.defer(() => folder.close());
  const env = { ...serviceEnv(databaseUrl, redisUrl, folder.path), PORT: '0' };
  await rebuildRanking(env);
  const start = async (name: string, settings: Env) => {
    const own = { ...env, ...settings, INSTANCE_ID: name };
    return resources.use(await startProcess(PROGRAM, own));
  };
  const cached = await start('bench-cached', {});
  const uncached = await start('bench-uncached', { CACHE_MODE: 'off' });
  const reads = readsOf(dataset, await laterPage(uncached.url));
  await untilCached(cached.url, reads[0]?.path(0) ?? '');
  const shop = { id, servers, instances: { cached, uncached }, reads };
  progress(`${id}: warm-up`);
  for (const read of reads) await readShop(shop, read.id, -1, WARM_UP_MS);
  return shop;
}

/** Returns the cursor after five pages. */
async function laterPage(url: string): Promise<string> {
  let cursor = '';
  for (let page = 1; page <= 5; page += 1) {
    const answer = await fetch(`${url}/v1/products?limit=20${cursor && `&cursor=${cursor}`}`);
    const { nextCursor } = (await answer.json()) as { nextCursor?: string };
    if (!nextCursor) throw new Error(`there is no page after page ${page}: ${answer.status}`);
    cursor = encodeURIComponent(nextCursor);
  }
  return decodeURIComponent(cursor);
}
