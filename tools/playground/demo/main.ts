/** The command `npm run demo`: two instances stay in sync, shown in a terminal. */
import path from 'node:path';
import type { CommandUsage } from '../../../src/commands/command-line.js';
import { runCommand } from '../../../src/commands/run-command.js';
import { addProduct } from '../../../test/support/shop.js';
import { clusterFolder, instancePort } from '../../cluster/cluster-options.js';
import { findClusterPort } from '../../cluster/find-cluster-port.js';
import { startLocalCluster } from '../../cluster/local-cluster.js';
import { readAddresses } from '../../cluster/server-addresses.js';
import { projectRoot } from '../../project-root.js';
import { TemporaryFolder } from '../../servers/temporary-folder.js';
import { withoutBus } from './bus.js';
import { flashSale } from './flash-sale.js';
import { readThroughBoth, waitForTheCache } from './one-product.js';
import { changePrices } from './price-change.js';
import { clientOf, type Stage, say } from './stage.js';

/** With a new Redis the cache stores nothing for the life of a write intent, so that is shortened. */
const SHORT = { DB_QUERY_MS: '2000', CACHE_HOLD_OFF_MS: '3000' };

const USAGE = {
  command: 'npm run demo',
  synopsis: '[--url U]',
  does: `Changes a price through one instance and reads it through the other, does the same while no message
between the instances arrives, and runs a flash sale. It starts its own cluster and stops it at the end.
On a running cluster the part without messages needs REDIS_URL, unless npm run cluster started it with
the same DATA_DIR.`,
  options: {
    url: { type: 'string', value: 'U', says: 'nginx of a running cluster with two instances' },
  },
  examples: ['', '--url http://127.0.0.1:8080'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values }) => {
  process.exitCode = (await run(values.url)) ? 0 : 1;
});

async function run(url: string | undefined): Promise<boolean> {
  await using resources = new AsyncDisposableStack();
  return await play(url ? running(url) : await bringUp(resources));
}

async function play(stage: Stage): Promise<boolean> {
  const admin = await clientOf(stage, stage.proxy, 'demo', 'admin');
  const direct = await Promise.all(
    stage.instances.map((url) => clientOf(stage, url, 'demo', 'admin')),
  );
  const [one, two = one] = direct;
  if (!one || !two) throw new Error('there is no instance');
  const product = `/v1/products/${await addProduct(admin, { price: 1_000 })}`;
  say('   (waiting until the cache stores entries)');
  await waitForTheCache(`/v1/products/${await addProduct(admin)}`, direct);
  await readThroughBoth(product, direct);
  say('2. The price changes through one instance; the other one is read');
  await changePrices(product, one, two);
  say('3. The same while no message between the instances arrives');
  if (stage.redis) await withoutBus(stage.redis, () => changePrices(product, one, two));
  else say('   left out: set REDIS_URL to the Redis of that cluster');
  return await flashSale(stage, admin, direct);
}

async function bringUp(resources: AsyncDisposableStack): Promise<Stage> {
  const short = Object.entries(SHORT).map(([name, value]) => `${name}=${value}`);
  say(`starting a cluster, with ${short.join(' ')} so that its cache is ready sooner`);
  const folder = new TemporaryFolder('demo');
  resources.defer(() => folder.close());
  const port = await findClusterPort();
  const cluster = resources.use(
    await startLocalCluster({
      ...{ instances: 2, port, dataFolder: folder.path, env: SHORT },
      ...{ mayBeGiven: false, withKafka: false },
    }),
  );
  const instances = cluster.instances.map(({ url }) => url);
  say(`nginx ${cluster.url}, instances ${instances.join(' ')}`);
  return { proxy: cluster.url, instances, env: cluster.env, redis: cluster.redis.url };
}

/** A cluster of `npm run cluster`; the ports of its instances follow from its own. */
function running(url: string): Stage {
  const port = Number(new URL(url).port);
  const instances = [1, 2].map((number) => `http://127.0.0.1:${instancePort({ port }, number)}`);
  const { DATA_DIR = path.join(projectRoot, 'data'), JWT_SECRET = '', REDIS_URL } = process.env;
  const written = readAddresses(clusterFolder(DATA_DIR, port));
  const redis = REDIS_URL ?? written['REDIS_URL'];
  return { proxy: url, instances, env: { DATA_DIR, JWT_SECRET }, redis };
}
