import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { askRedis } from '../../../tools/servers/redis/ask-redis.js';
import type { Server } from '../../../tools/servers/server.js';
import type { ApiClient } from '../../support/api-client.js';
import { embedded } from '../../support/backends.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { RECOVERY_MS, ReadinessWatch } from './readiness-watch.js';
import { RedisPair } from './redis-pair.js';

describe('A service whose Redis fails over behind one address', function () {
  this.timeout(240_000);
  let resources: AsyncDisposableStack;
  let pair: RedisPair;
  let service: TestService;
  let admin: ApiClient;
  let productId: string;
  let price: number;
  let watch: ReadinessWatch;

  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    pair = resources.use(await RedisPair.start());
    service = resources.use(await startTestService(embedded, { REDIS_URL: pair.url }));
    admin = service.admin;
    // At first the master is busy with its replica.
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

  for (const how of ['left open', 'cut'] as const) {
    it(`edits products and locks on the new master, with connections ${how}`, async () => {
      await pair.swap();
      await watch.untilRefused();
      pair.move(how);
      await watch.untilTaken(RECOVERY_MS);
      const read = await admin.get(`/v1/products/${productId}`);
      expect(read.body.price).to.equal(price);
      expect(watch.lies).to.deep.equal([]);
      await eventually(async () => {
        expect((await admin.get('/readyz')).body.status).to.equal('ready');
      });
      await expectOrdersUnderLocks();
      // Waits for the subscribers too: on a replica they would miss the first messages of the new
      // master.
      await eventually(async () => {
        expect(await listeners(pair.replica), 'at the old master').to.equal(0);
        expect(await listeners(pair.master), 'at the new one').to.be.above(0);
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
    it(`is not ready while Redis ${what}, although it answers, and recovers by itself`, async () => {
      await askRedis(pair.master.url, inflict);
      await watch.untilRefused();
      const order = await admin.post('/v1/orders', orderOf(productId));
      expect(order.status, 'orders go on under row locks').to.equal(201);
      await askRedis(pair.master.url, end);
      await watch.untilTaken(RECOVERY_MS);
      expect(watch.lies).to.deep.equal([]);
    });
  }

  it('reports degraded while Redis is full, and still accepts orders and edits', async () => {
    await askRedis(pair.master.url, ['CONFIG', 'SET', 'maxmemory', '1']);
    const ready = await admin.get('/readyz');
    expect(ready.body).to.include({ status: 'degraded' });
    expect(ready.body.dependencies.redis).to.deep.equal({ status: 'down' });
    expect((await admin.post('/v1/orders', orderOf(productId))).status).to.equal(201);
    await watch.untilTaken(RECOVERY_MS);
    await askRedis(pair.master.url, ['CONFIG', 'SET', 'maxmemory', '0']);
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

async function listeners({ url }: Server): Promise<number> {
  const list = String(await askRedis(url, ['CLIENT', 'LIST', 'TYPE', 'pubsub']));
  return list.split('\n').filter((line) => line.startsWith('id=')).length;
}
