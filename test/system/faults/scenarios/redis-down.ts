import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../../../../tools/servers/eventually.js';
import { startRedis } from '../../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../../tools/servers/server.js';
import { ApiClient } from '../../../support/api-client.js';
import { servers } from '../../../support/backends.js';
import { InstanceProcess } from '../../../support/instance-process.js';
import { addProduct } from '../../../support/shop.js';
import { nowMs } from '../fuzz/event-log.js';
import { expectLockInUse } from '../redis-down/lock-use.js';
import { OrderLoad } from '../redis-down/order-load.js';
import { judgeOutage, type Outage, outageFigures } from '../redis-down/outage.js';
import type { FaultOptions, FaultReport, FaultScenario } from '../support/fault-scenario.js';

const UNITS = 100_000;
const INSTANCES = 2;

/** Time limits of the claims, in milliseconds. */
type Demands = Pick<Outage, 'everyMs' | 'breakerMs'>;

/** Two instances sell one product while their Redis is killed and down. */
async function runOutage({ seconds }: FaultOptions, demands: Demands): Promise<Outage> {
  await using open = await servers.open();
  await using redis = await startRedis({ ways: ['docker', 'binary'] });
  const env = { ...open.env, REDIS_URL: redis.url, LOCK_LEASE_MS: '2000' };
  await using resources = new AsyncDisposableStack();
  const instances = await Promise.all(
    Array.from({ length: INSTANCES }, () => InstanceProcess.start(env)),
  );
  for (const instance of instances) resources.use(instance);
  const clients = await Promise.all(
    instances.map(({ url }) => ApiClient.of(url, env, 'u', 'admin')),
  );
  const [one] = clients as [ApiClient];
  const productId = await addProduct(one, { stock: UNITS });

  const load = new OrderLoad(clients, productId, demands.everyMs);
  const before = Math.min(Math.max(seconds / 4, 1), 5) * 1_000;
  await sleep(before);
  const span = await outage(redis, clients, seconds * 1_000);
  const recoveryMs = await recovery(clients, span.to);
  await sleep(before);
  const orders = await load.stop();
  const { body } = await one.get(`/v1/products/${productId}/stock`);
  return { ...demands, units: UNITS, left: body.available, span, orders, recoveryMs };
}

async function outage(redis: Server, clients: readonly ApiClient[], ms: number) {
  const from = nowMs();
  await redis.stop('abruptly');
  for (const client of clients) {
    await eventually(async () => {
      const { status, body } = await client.get('/readyz');
      expect({ status, state: body.status }).to.deep.equal({ status: 200, state: 'degraded' });
    });
  }
  await sleep(Math.max(0, from + ms - nowMs()));
  await redis.start('empty');
  return { from, to: nowMs() };
}

async function recovery(clients: readonly ApiClient[], since: number): Promise<number | undefined> {
  try {
    await eventually(() => expectLockInUse(clients), { withinMs: 60_000 });
    for (const client of clients)
      expect((await client.get('/readyz')).body.status).to.equal('ready');
    return nowMs() - since;
  } catch {
    return undefined;
  }
}

export const redisDown: FaultScenario = {
  name: 'redis-down',
  title: 'Redis is killed and stays down under 50 orders/s on two instances',
  seconds: 20,
  run: (options) => reportOutage(options, { everyMs: 20, breakerMs: 1_000 }),
};

export async function reportOutage(options: FaultOptions, demands: Demands): Promise<FaultReport> {
  const outage = await runOutage(options, demands);
  const ms = outage.span.to - outage.span.from;
  return {
    done: [`Redis killed, down for ${(ms / 1_000).toFixed(1)} s, started empty`],
    verdicts: judgeOutage(outage),
    figures: outageFigures(outage),
  };
}
