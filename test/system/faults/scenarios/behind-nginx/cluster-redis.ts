import { setTimeout as sleep } from 'node:timers/promises';
import { type Verdict, verdictOf } from '../../../../../tools/invariants/verdict.js';
import { askRedis } from '../../../../../tools/servers/redis/ask-redis.js';
import type { ApiResponse } from '../../../../support/api-client.js';
import { addProduct, orderOf } from '../../../../support/shop.js';
import { type ClusterFault, clientOf } from '../../behind-nginx/cluster-fault.js';
import type { FaultCluster } from '../../behind-nginx/fault-cluster.js';
import {
  allSettle,
  failOnlyAround,
  noneFailed,
  readsFailed,
} from '../../behind-nginx/judge-traffic.js';

/**
 * Orders that waited in the queue of the lock when Redis was killed may be refused. Later ones may
 * not.
 */
const BREAKER_MS = 2_000;

export const clusterRedis: ClusterFault = {
  name: 'cluster-redis',
  title: 'Redis is killed under the cluster, stays down, and restarts empty',
  seconds: 15,
  async inflict({ redis }, { seconds, did }) {
    await redis.stop('abruptly');
    did('Redis killed');
    await sleep(seconds * 1_000);
    await redis.start('empty');
    did('Redis started empty');
  },
  judge: (traffic, span) => [
    readsFailed(traffic, 1),
    failOnlyAround(traffic, span, { moments: [span.from], ms: BREAKER_MS }),
    allSettle(traffic),
  ],
};

export const clusterBus: ClusterFault = {
  name: 'cluster-bus',
  title: 'the connections that invalidations and grants arrive on are cut again and again',
  seconds: 30,
  needsWayToRedis: true,
  async inflict(cluster, { seconds, random, did }) {
    const { url } = wayToRedisOf(cluster);
    const end = performance.now() + seconds * 1_000;
    let cuts = 0;
    do {
      await askRedis(url, ['CLIENT', 'KILL', 'TYPE', 'pubsub']);
      cuts += 1;
      await sleep(random.between(20, 600));
    } while (performance.now() < end);
    did(`cut ${cuts} times`);
  },
  judge: (traffic, span) => [noneFailed(traffic, span)],
};

export const clusterCutOff: ClusterFault = {
  name: 'cluster-cut-off',
  title: 'one instance is cut off from Redis, the other is not',
  seconds: 15,
  needsWayToRedis: true,
  async inflict(cluster, { seconds, did, found }) {
    const [first] = cluster.instances;
    const client = await clientOf(cluster, first?.url ?? '');
    const productId = await addProduct(client);
    const { ofFirst } = wayToRedisOf(cluster);
    ofFirst.cut();
    did(`${first?.name} cut off from Redis`);
    await sleep(seconds * 500);
    const order = await client.post('/v1/orders', orderOf(productId));
    const edit = await client.patch(`/v1/products/${productId}`, { price: 7 });
    await sleep(seconds * 500);
    ofFirst.mend();
    did('mended');
    found(expectStatus('it takes orders meanwhile', order, 201));
    found(expectStatus('it refuses to change products meanwhile', edit, 503));
  },
  judge: (traffic, span) => [
    readsFailed(traffic, 1),
    failOnlyAround(traffic, span, { moments: [span.from], ms: BREAKER_MS }),
    allSettle(traffic),
  ],
};

function wayToRedisOf({ wayToRedis }: FaultCluster) {
  if (!wayToRedis) throw new Error('this fault needs a cluster whose way to Redis is known');
  return wayToRedis;
}

function expectStatus(claim: string, { status, body }: ApiResponse, expected: number): Verdict {
  return verdictOf(claim, 1, status === expected ? [] : [`${status} ${JSON.stringify(body)}`]);
}
