import { instancePort } from '../../../../tools/cluster/cluster-options.js';
import type { ComposeService } from '../../../../tools/cluster/compose-service.js';
import { startDockerCluster } from '../../../../tools/cluster/docker-cluster.js';
import { findClusterPort } from '../../../../tools/cluster/find-cluster-port.js';
import { startLocalCluster } from '../../../../tools/cluster/local-cluster.js';
import { TemporaryFolder } from '../../../../tools/servers/temporary-folder.js';
import { INSTANCE_PROGRAM } from '../../../support/instance-process.js';
import { Relay } from '../../../support/relay.js';

/**
 * Leases and write intents end within a short run. A lease of one second is still longer than many
 * sections.
 */
const ENV = { LOCK_LEASE_MS: '1000', DB_QUERY_MS: '4000', CACHE_HOLD_OFF_MS: '5000' };

/** A part of a cluster that a fault breaks. */
export interface Breakable {
  /** Ends it; `abruptly`: as a crash does. */
  stop(how?: 'abruptly'): Promise<void>;
  /** Resolves when it is ready. */
  start(): Promise<void>;
}

export interface BreakableInstance extends Breakable {
  readonly name: string;
  readonly url: string;
  /** Stops its process until `resume`, as when its machine stands still. */
  pause(): void | Promise<void>;
  resume(): void | Promise<void>;
}

/** Two instances behind nginx and their servers, to break. */
export interface FaultCluster extends AsyncDisposable {
  /** Address of nginx. */
  readonly url: string;
  /** What signs tokens that the instances accept. */
  readonly env: Readonly<Record<string, string>>;
  readonly instances: readonly BreakableInstance[];
  readonly proxy: Breakable;
  readonly database: Breakable;
  readonly redis: Breakable & { start(how?: 'empty'): Promise<void> };
  /** Where a fault needs the way to Redis; undefined in Docker, where only the instances reach it. */
  readonly wayToRedis: WayToRedis | undefined;
  close(): Promise<void>;
}

interface WayToRedis {
  readonly url: string;
  /** Carries the connection of the first instance. */
  readonly ofFirst: Relay;
}

export async function startFaultCluster(): Promise<FaultCluster> {
  await using resources = new AsyncDisposableStack();
  const folder = new TemporaryFolder('faults');
  resources.defer(() => folder.close());
  const relays: Relay[] = [];
  const cluster = await startLocalCluster({
    instances: 2,
    port: await findClusterPort(),
    dataFolder: folder.path,
    mayBeGiven: false,
    withKafka: false,
    program: INSTANCE_PROGRAM,
    env: ENV,
    async envOf(number, { redis }) {
      if (number !== 1) return {};
      const relay = resources.use(await Relay.to(Number(new URL(redis.url).port)));
      relays.push(relay);
      return { REDIS_URL: `redis://127.0.0.1:${relay.port}` };
    },
  });
  resources.use(cluster);
  const [ofFirst] = relays as [Relay];
  const owned = resources.move();
  const close = () => owned.disposeAsync();
  const wayToRedis = { url: cluster.redis.url, ofFirst };
  return { ...cluster, wayToRedis, close, [Symbol.asyncDispose]: close };
}

/** The same in containers, by docker/compose.yml, which also has Kafka. */
export async function startDockerFaultCluster(): Promise<FaultCluster> {
  await using resources = new AsyncDisposableStack();
  const folder = new TemporaryFolder('faults');
  resources.defer(() => folder.close());
  const options = { instances: 2, port: await findClusterPort(), withKafka: true };
  const {
    url,
    service,
    close: remove,
  } = await startDockerCluster(
    { ...options, dataFolder: folder.path, env: ENV },
    new AbortController().signal,
  );
  resources.defer(remove);
  const owned = resources.move();
  const close = () => owned.disposeAsync();
  return {
    url,
    env: { DATA_DIR: folder.path },
    instances: [1, 2].map((number) => {
      const container = service(`instance-${number}`);
      return Object.assign(container, { url: `http://127.0.0.1:${instancePort(options, number)}` });
    }),
    proxy: service('nginx'),
    database: service('mysql'),
    redis: redisIn(service('redis')),
    wayToRedis: undefined,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Its data is on a volume, so an empty start removes it right after the start. */
function redisIn(container: ComposeService): FaultCluster['redis'] {
  return {
    stop: (how) => container.stop(how),
    async start(how?: 'empty') {
      await container.start();
      if (how === 'empty') await container.run('redis-cli', 'FLUSHALL');
    },
  };
}
