import { expect } from 'chai';
import { eventually } from '../../tools/servers/eventually.js';
import { askRedis } from '../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../tools/servers/redis/start-redis.js';
import type { Server } from '../../tools/servers/server.js';
import type { ApiClient } from '../support/api-client.js';
import { embedded } from '../support/backends.js';
import { Relay } from '../support/relay.js';
import { addProduct, orderOf } from '../support/shop.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { RECOVERY_MS, ReadinessWatch } from './readiness-watch.js';

describe('A service whose Redis fails over behind one address', function () {
  this.timeout(240_000);
  let resources: AsyncDisposableStack;
  let first: Server;
  let second: Server;
  let relay: Relay;
  let service: TestService;
  let admin: ApiClient;
  let productId: string;
  let price: number;
  let watch: ReadinessWatch;

  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    [first, second] = await Promise.all([newRedis(), newRedis()]);
    await askRedis(second.url, ['REPLICAOF', '127.0.0.1', String(portOf(first))]);
    relay = resources.use(await Relay.to(portOf(first)));
    const env = { REDIS_URL: `redis://127.0.0.1:${relay.port}` };
    service = resources.use(await startTestService(embedded, env));
    admin = service.admin;
    // The master is busy with its replica at first.
    productId = await eventually(() => addProduct(admin, { stock: 1_000 }));
    price = 100;
    const edit = () => {
      price += 1;
      return admin.patch(`/v1/products/${productId}`, { price });
    };
    watch = new ReadinessWatch(admin, edit, ({ body }) => body.status === 'ready');
    await watch.untilTaken(RECOVERY_MS);
  });

  afterEach(() => resources.disposeAsync());

  async function newRedis(): Promise<Server> {
    return resources.use(await startRedis({ ways: ['docker', 'binary'] }));
  }

  async function failOver(how: 'left open' | 'cut'): Promise<void> {
    await askRedis(second.url, ['REPLICAOF', 'NO', 'ONE']);
    await askRedis(first.url, ['REPLICAOF', '127.0.0.1', String(portOf(second))]);
    await watch.untilRefused();
    relay.moveTo(portOf(second));
    if (how === 'left open') return;
    relay.cut();
    relay.mend();
  }

  for (const how of ['left open', 'cut'] as const) {
    it(`edits products and locks on the new master, with connections ${how}`, async () => {
      await failOver(how);
      await watch.untilTaken(RECOVERY_MS);
      const read = await admin.get(`/v1/products/${productId}`);
      expect(read.body.price).to.equal(price);
      expect(watch.lies).to.deep.equal([]);
      await eventually(async () => {
        expect((await admin.get('/readyz')).body.status).to.equal('ready');
      });
      await expectOrdersUnderLocks();
      // Also those that listen: on a replica they would miss what the new master says first.
      await eventually(async () => {
        expect(await listeners(first), 'at the old master').to.equal(0);
        expect(await listeners(second), 'at the new one').to.be.above(0);
      });
    });
  }

  const refusals: readonly [what: string, inflict: readonly string[], end: readonly string[]][] = [
    [
      'lacks replicas',
      ['CONFIG', 'SET', 'min-replicas-to-write', '3'],
      ['CONFIG', 'SET', 'min-replicas-to-write', '0'],
    ],
    [
      'forbids it',
      ['ACL', 'SETUSER', 'default', '-@write'],
      ['ACL', 'SETUSER', 'default', '+@all'],
    ],
  ];
  for (const [what, inflict, end] of refusals) {
    it(`is not ready while Redis ${what}, though it answers, and recovers by itself`, async () => {
      await askRedis(first.url, inflict);
      await watch.untilRefused();
      const order = await admin.post('/v1/orders', orderOf(productId));
      expect(order.status, 'orders go on under row locks').to.equal(201);
      await askRedis(first.url, end);
      await watch.untilTaken(RECOVERY_MS);
      expect(watch.lies).to.deep.equal([]);
    });
  }

  it('says that it is degraded while Redis is full, and takes orders and edits all the same', async () => {
    await askRedis(first.url, ['CONFIG', 'SET', 'maxmemory', '1']);
    const ready = await admin.get('/readyz');
    expect(ready.body).to.include({ status: 'degraded' });
    expect(ready.body.dependencies.redis).to.deep.equal({ status: 'down' });
    expect((await admin.post('/v1/orders', orderOf(productId))).status).to.equal(201);
    await watch.untilTaken(RECOVERY_MS);
    await askRedis(first.url, ['CONFIG', 'SET', 'maxmemory', '0']);
    expect((await admin.get('/readyz')).body.status).to.equal('ready');
    await expectOrdersUnderLocks();
  });

  async function expectOrdersUnderLocks(): Promise<void> {
    await eventually(async () => {
      const before = await fallbacks();
      for (let i = 0; i < 3; i += 1) {
        expect((await admin.post('/v1/orders', orderOf(productId))).status).to.equal(201);
      }
      expect(await fallbacks()).to.equal(before);
    });
  }

  async function fallbacks(): Promise<number> {
    const { body } = await admin.get('/metrics');
    return Number(/^lock_fallbacks_total\S* (\d+)/m.exec(body)?.[1]);
  }
});

function portOf({ url }: Server): number {
  return Number(new URL(url).port);
}

async function listeners({ url }: Server): Promise<number> {
  const list = String(await askRedis(url, ['CLIENT', 'LIST', 'TYPE', 'pubsub']));
  return list.split('\n').filter((line) => line.startsWith('id=')).length;
}
