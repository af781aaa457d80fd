/** The command `npm run load`: k6 on a cluster, then a ledger audit. */
import path from 'node:path';
import { UsageError } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';
import { ClusterError } from '../cluster/cluster-options.js';
import { findClusterPort } from '../cluster/find-cluster-port.js';
import { startLocalCluster } from '../cluster/local-cluster.js';
import { readShopState } from '../invariants/read-shop-state.js';
import { projectRoot } from '../project-root.js';
import { ServerUnavailableError } from '../servers/server.js';
import { TemporaryFolder } from '../servers/temporary-folder.js';
import { judgeLoad } from './judge-load.js';
import { LOAD_USAGE, LoadError, type LoadOptions, readOptions } from './load-options.js';
import { prepareShop } from './prepare-shop.js';
import { runK6 } from './run-k6.js';

/** Stock for the sale, and for all other scenarios. */
const SALE = { products: 1, units: 100 };
const PLENTY = { products: 20, units: 1_000_000 };

const EXPECTED = [LoadError, ClusterError, ServerUnavailableError];

await runCommand(LOAD_USAGE, async (line) => {
  try {
    process.exitCode = (await load(readOptions(line))) ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const isExpected = EXPECTED.some((kind) => error instanceof kind);
    console.error(`load: ${isExpected ? (error as Error).message : (error as Error).stack}`);
    process.exitCode = 1;
  }
});

async function load(options: LoadOptions): Promise<boolean> {
  await using resources = new AsyncDisposableStack();
  const folder = new TemporaryFolder('load');
  resources.defer(() => folder.close());
  const { url, env } = options.url
    ? { url: options.url, env: ownEnvironment() }
    : resources.use(await bringUp(folder.path));
  const shop = await prepareShop(url, env, options.scenario === 'flash-sale' ? SALE : PLENTY);
  console.log(`${options.scenario} on ${url}`);
  const { hasHeld, orders, requests } = await runK6(options, shop, folder.path);
  const verdicts = judgeLoad(options.scenario, await readShopState(shop, orders), requests);
  for (const { claim, broken } of verdicts) {
    console.log(`${broken.length === 0 ? 'holds ' : 'BROKEN'}  ${claim}`);
    for (const each of broken.slice(0, 5)) console.log(`          ${each}`);
  }
  console.log(
    `${requests} requests, ${orders.length} orders sent; thresholds ${hasHeld ? 'held' : 'NOT held'}`,
  );
  return hasHeld && verdicts.every(({ broken }) => broken.length === 0);
}

async function bringUp(dataFolder: string) {
  console.error('starting a cluster; --url names a running one');
  const port = await findClusterPort();
  return startLocalCluster({ instances: 2, port, dataFolder, withKafka: false });
}

/** The secret of `npm run token`: from the data folder or the environment. */
function ownEnvironment(): Record<string, string> {
  const { DATA_DIR = path.join(projectRoot, 'data'), JWT_SECRET = '' } = process.env;
  return { DATA_DIR, JWT_SECRET };
}
