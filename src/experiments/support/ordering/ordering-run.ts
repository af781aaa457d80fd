import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Sequelize } from 'sequelize';
import { installationId } from '../../../adapters/persistence/sql/installation.js';
import { securityFor } from '../../../config/settings/tls/settings-for-server.js';
import { openDatabase } from '../open-database.js';
import { removeKeysAtEnd } from '../open-lock.js';
import { newRunName } from '../run-name.js';
import { removeTopicsAtEnd } from './remove-topics.js';
import { ServiceInstance } from './service-instance.js';
import { ShopClient } from './shop-client.js';

export interface OrderingServers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly kafkaBrokers: string;
}

/**
 * Instances of the service on their own schema and topic. Disposing it stops them and removes
 * everything that they created on the servers.
 */
export class OrderingRun implements AsyncDisposable {
  private constructor(
    private readonly servers: OrderingServers,
    readonly schema: string,
    /** Connected to another schema. */
    readonly sequelize: Sequelize,
    /** Secret that signs tokens. */
    readonly secret: string,
    readonly urls: readonly string[],
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async open(servers: OrderingServers, instances: number): Promise<OrderingRun> {
    await using opened = new AsyncDisposableStack();
    const id = newRunName();
    const schema = `experiment_${id}`;
    const { sequelize } = openDatabase(servers.databaseUrl, 2, opened);
    await sequelize.query(`CREATE DATABASE ${schema} CHARACTER SET utf8mb4`);
    opened.defer(() => sequelize.query(`DROP DATABASE ${schema}`).then(() => {}));
    const folder = await mkdtemp(path.join(tmpdir(), 'lockstep-experiment-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const secret = randomBytes(32).toString('hex');
    const env = environment(servers, { id, schema, folder, secret });
    await removeTopicsAtEnd(servers.kafkaBrokers, env.KAFKA_TOPIC, opened);
    await removeKeysAtEnd(servers.redisUrl, () => cacheOf(env.DATABASE_URL), opened);
    const urls = await startInstances(env, instances, opened);
    return new OrderingRun(servers, schema, sequelize, secret, urls, opened.move());
  }

  /** Creates a product and returns its id. */
  async product(stock: number): Promise<string> {
    const admin = await ShopClient.of(this.secret, 'admin', 'admin');
    const fields = { name: 'Tea', category: 'tea', price: 100, stock };
    const sku = `TEA-${randomBytes(4).toString('hex')}`;
    const answer = await admin.post(`${this.urls[0]}/v1/products`, { sku, ...fields });
    const { id } = (await answer.json()) as { id: string };
    await removeKeysAtEnd(this.servers.redisUrl, `*${id}`, this.resources);
    return id;
  }

  /** Units of the product that are still available. */
  async unitsLeft(productId: string): Promise<number> {
    const answer = await fetch(`${this.urls[0]}/v1/products/${productId}/stock`);
    return ((await answer.json()) as { available: number }).available;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.resources.disposeAsync();
  }
}

interface Own {
  readonly id: string;
  readonly schema: string;
  readonly folder: string;
  readonly secret: string;
}

function environment(servers: OrderingServers, { id, schema, folder, secret }: Own) {
  const database = new URL(servers.databaseUrl);
  database.pathname = schema;
  const addresses = {
    DATABASE_URL: database.href,
    REDIS_URL: servers.redisUrl,
    KAFKA_BROKERS: servers.kafkaBrokers,
  };
  return {
    ...securityFor(addresses),
    ...addresses,
    PATH: process.env['PATH'] ?? '',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    SEED_DEMO: 'false',
    DATA_DIR: folder,
    JWT_SECRET: secret,
    KAFKA_TOPIC: `experiment-${id}`,
    // All buyers have one token, and each waits on a stream of its own.
    ORDER_STREAMS_MAX_PER_USER: '5000',
  };
}

/** Starts all at once; the others wait while the first creates the tables. */
async function startInstances(
  env: Readonly<Record<string, string>>,
  count: number,
  opened: AsyncDisposableStack,
): Promise<string[]> {
  const starts = Array.from({ length: count }, () => ServiceInstance.start(env));
  const outcomes = await Promise.allSettled(starts);
  for (const outcome of outcomes) if (outcome.status === 'fulfilled') opened.use(outcome.value);
  return (await Promise.all(starts)).map(({ url }) => url);
}

/** Pattern of the Redis keys of a database: each contains the id of its installation. */
async function cacheOf(databaseUrl: string): Promise<string> {
  await using asking = new AsyncDisposableStack();
  return `*${await installationId(openDatabase(databaseUrl, 1, asking).sequelize)}`;
}
