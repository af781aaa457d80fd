import { findClusterPort } from '../../../../tools/cluster/find-cluster-port.js';
import { type LocalCluster, startLocalCluster } from '../../../../tools/cluster/local-cluster.js';
import { TemporaryFolder } from '../../../../tools/servers/temporary-folder.js';
import { Relay } from '../../../support/relay.js';

/**
 * Leases and write intents end within a short run. A lease of one second is still longer than many
 * sections.
 */
const ENV = { LOCK_LEASE_MS: '1000', DB_QUERY_MS: '4000', CACHE_HOLD_OFF_MS: '5000' };

/** A cluster of two instances to break. The connection of the first one to Redis can be cut. */
export interface FaultCluster extends LocalCluster {
  readonly redisOfFirst: Relay;
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
    env: ENV,
    async envOf(number, { redis }) {
      if (number !== 1) return {};
      const relay = resources.use(await Relay.to(Number(new URL(redis.url).port)));
      relays.push(relay);
      return { REDIS_URL: `redis://127.0.0.1:${relay.port}` };
    },
  });
  resources.use(cluster);
  const [redisOfFirst] = relays as [Relay];
  const owned = resources.move();
  const close = () => owned.disposeAsync();
  return { ...cluster, redisOfFirst, close, [Symbol.asyncDispose]: close };
}
