import { setTimeout as sleep } from 'node:timers/promises';
import type { AppInstance } from '../../../tools/cluster/app-instance.js';
import { findClusterPort } from '../../../tools/cluster/find-cluster-port.js';
import { type LocalCluster, startLocalCluster } from '../../../tools/cluster/local-cluster.js';
import { auditPayments, auditShop } from '../../../tools/invariants/audit-ledgers.js';
import { readShopState } from '../../../tools/invariants/read-shop-state.js';
import { type Verdict, verdictOf } from '../../../tools/invariants/verdict.js';
import { prepareShop } from '../../../tools/load/prepare-shop.js';
import { serviceProgram } from '../../../tools/project-root.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { unpackRelease } from '../../../tools/supply-chain/release/packed-release.js';
import { ApiClient } from '../../support/api-client.js';
import { INSTANCE_PROGRAM } from '../../support/instance-process.js';
import { KafkaTopic } from '../../support/kafka-topic.js';
import { addProduct } from '../../support/shop.js';
import { Customers, chargedOnce } from '../../support/traffic/customers.js';
import { FreshnessProbe } from '../faults/behind-nginx/freshness.js';
import { allSettle, noneFailed, nothingElse } from '../faults/behind-nginx/judge-traffic.js';
import { TrafficThroughNginx } from '../faults/behind-nginx/traffic.js';
import type { FaultReport } from '../faults/support/fault-scenario.js';

const STOCKING = { products: 10, units: 100_000, customers: 20 };

/** Time for nginx to use a restarted instance again, and for both versions to work side by side. */
const PAUSE_MS = 1_500;

export interface UpgradeOptions {
  /** Longer than one upgrade: then the instances go back to the older version, and so on. */
  readonly seconds: number;
  /** Requests per second of each kind, and of those of the same customers. */
  readonly rate: number;
}

/**
 * Replaces two instances of the last released version by this one, behind nginx and under load. In between
 * the schema gets columns that neither version knows, as the version after this one may add them.
 */
export async function runUpgrade({ seconds, rate }: UpgradeOptions): Promise<FaultReport> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(new TemporaryFolder('upgrade'));
  const release = await unpackRelease();
  const cluster = resources.use(
    await startLocalCluster({
      instances: 2,
      port: await findClusterPort(),
      dataFolder: folder.path,
      mayBeGiven: false,
      withKafka: true,
      program: serviceProgram(release.folder),
    }),
  );
  const shop = await prepareShop(cluster.url, cluster.env, STOCKING);
  const admin = await ApiClient.of(cluster.url, cluster.env, 'operator', 'admin');
  const watched = await addProduct(admin);
  const clients = new Map(cluster.instances.map(({ name, url }) => [name, new ApiClient(url)]));
  using traffic = new TrafficThroughNginx(shop, { reads: 3 * rate, orders: rate });
  using customers = new Customers(shop, {
    charges: rate / 2,
    cardPayments: rate / 4,
    queuedOrders: rate / 2,
  });
  using probe = new FreshnessProbe(admin, clients, `/v1/products/${watched}`);
  const from = performance.now();
  const course = new UpgradeCourse(cluster, from);
  await sleep(PAUSE_MS);
  await course.replaceAll(INSTANCE_PROGRAM, () => course.expandSchema());
  while (performance.now() < from + seconds * 1_000) {
    await course.replaceAll(serviceProgram(release.folder));
    await course.replaceAll(INSTANCE_PROGRAM);
  }
  const span = { from, to: performance.now() };
  const [seen, served, fresh] = await Promise.all([traffic.stop(), customers.stop(), probe.stop()]);
  const state = await readShopState(shop, [...seen.orders, ...served.orders]);
  const all = { requests: [...seen.requests, ...served.log.requests] };
  return {
    done: course.done,
    verdicts: [
      noneFailed(all, span),
      nothingElse(all, span),
      ...auditShop(state),
      ...auditPayments(state.customers, seen.payments),
      ...served.verdicts,
      ...chargedOnce({ ...served, chargesSent: served.charges }, state.customers),
      allSettle(seen),
      fresh,
      course.replaced(release.version),
      await noDeadLetters(cluster),
    ],
    figures: [],
  };
}

/** Stops an instance gracefully and starts another version in its place, one after the other. */
class UpgradeCourse {
  readonly done: string[] = [];
  /** Of the instances before and after each replacement. */
  readonly #versions: (readonly [string, string])[] = [];

  constructor(
    private readonly cluster: LocalCluster,
    private readonly from: number,
  ) {}

  async replaceAll(program: string, afterFirst?: () => Promise<void>): Promise<void> {
    for (const [i, instance] of this.cluster.instances.entries()) {
      const before = await versionOf(instance);
      await instance.stop();
      await instance.start(program);
      const after = await versionOf(instance);
      this.#versions.push([before, after]);
      this.#did(`${instance.name} from ${before} to ${after}`);
      if (i === 0) await afterFirst?.();
      await sleep(PAUSE_MS);
    }
  }

  /** What the migrations of a later version may do. */
  async expandSchema(): Promise<void> {
    await withConnection(this.cluster.database.url, async (connection) => {
      const [rows] = await connection.query('SHOW TABLES');
      const tables = (rows as object[]).flatMap((row) => Object.values(row) as string[]);
      for (const table of tables) {
        await connection.query(`ALTER TABLE \`${table}\` ADD COLUMN added_later INTEGER`);
      }
      await connection.query("INSERT INTO migrations (name) VALUES ('9999-later')");
      this.#did(`${tables.length} tables got a column`);
    });
  }

  /** Expects that each replacement was one of versions. */
  replaced(released: string): Verdict {
    const broken = this.#versions.flatMap(([before, after]) => {
      const isUpgrade = before !== after && [before, after].includes(released);
      return isUpgrade ? [] : [`from ${before} to ${after}`];
    });
    return verdictOf(
      'each instance was replaced by another version',
      this.#versions.length,
      broken,
    );
  }

  #did(what: string): void {
    const seconds = ((performance.now() - this.from) / 1_000).toFixed(1);
    this.done.push(`${seconds} s  ${what}`);
  }
}

async function versionOf({ url }: AppInstance): Promise<string> {
  const { body } = await new ApiClient(url).get('/openapi.json');
  return body.info.version;
}

/** A message that the other version does not understand becomes a dead letter. */
async function noDeadLetters({ kafka }: LocalCluster): Promise<Verdict> {
  if (!kafka) throw new Error('the cluster has no Kafka');
  const topics = await new KafkaTopic(kafka.brokers, 'lockstep.').named();
  const broken: string[] = [];
  for (const name of topics.filter((topic) => topic.endsWith('.dead-letters'))) {
    const size = await new KafkaTopic(kafka.brokers, name).size();
    if (size > 0) broken.push(`${size} in ${name}`);
  }
  return verdictOf('no message is a dead letter', topics.length, broken);
}
