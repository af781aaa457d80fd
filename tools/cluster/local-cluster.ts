import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { startMysql } from '../servers/mysql/start-mysql.js';
import { nginxKind } from '../servers/nginx/nginx-kind.js';
import { startRedis } from '../servers/redis/start-redis.js';
import type { Server } from '../servers/server.js';
import { bringUp } from '../servers/ways/bring-up.js';
import { AppInstance } from './app-instance.js';
import { type ClusterOptions, instancePort } from './cluster-options.js';

/** nginx closes idle connections to an instance after two seconds: by then nobody sends any more. */
const DRAIN_MS = '3000';

export interface LocalClusterOptions extends ClusterOptions {
  /** For logs, and for the secret that signs tokens. */
  readonly dataFolder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Every part of the topology as a process of this machine, from the programs on its PATH. */
export interface LocalCluster extends AsyncDisposable {
  readonly url: string;
  readonly logs: string;
  readonly database: Server;
  readonly redis: Server;
  readonly proxy: Server;
  readonly instances: readonly AppInstance[];
  close(): Promise<void>;
}

/**
 * Brings everything up, or nothing: what was started is ended when a part fails.
 *
 * @throws ServerUnavailableError, ClusterError
 */
export async function startLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  await using resources = new AsyncDisposableStack();
  const logs = path.join(options.dataFolder, `cluster-${options.port}`);
  mkdirSync(logs, { recursive: true });
  const ways = ['binary'] as const;
  const [database, redis] = await Promise.all([
    startMysql({ given: process.env['DATABASE_URL'], ways: ['given', ...ways] }),
    startRedis({ given: process.env['REDIS_URL'], ways: ['given', ...ways] }),
  ]);
  resources.use(database);
  resources.use(redis);
  const env = environment(options, database, redis);
  const instances = Array.from({ length: options.instances }, (_, i) => {
    const name = `instance-${i + 1}`;
    const seeds = { SEED_DEMO: String(i === 0) };
    const log = path.join(logs, `${name}.log`);
    return new AppInstance(name, instancePort(options, i + 1), { ...env, ...seeds }, log);
  });
  for (const instance of instances) resources.defer(() => instance.stop());
  const [first, ...others] = instances;
  // The first migrates and seeds; the others would wait for it anyway.
  await first?.start();
  await Promise.all(others.map((instance) => instance.start()));
  const upstreams = instances.map(({ port }) => `127.0.0.1:${port}`);
  const proxy = resources.use(
    await bringUp(nginxKind({ upstreams }), { ways, port: options.port }),
  );
  const owned = resources.move();
  const close = () => owned.disposeAsync();
  const parts = { url: proxy.url, logs, database, redis, proxy, instances, close };
  return { ...parts, [Symbol.asyncDispose]: close };
}

function environment(
  { dataFolder, env }: LocalClusterOptions,
  database: Server,
  redis: Server,
): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOST: '127.0.0.1',
    DATA_DIR: dataFolder,
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    SHUTDOWN_DRAIN_MS: DRAIN_MS,
    TRUSTED_PROXIES: '127.0.0.1',
    ...env,
  };
}
