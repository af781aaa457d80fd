import { expect } from 'chai';
import { Installation } from '../../../src/config/modules/sql-bindings.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { askRedis } from '../../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../tools/servers/server.js';
import type { ApiClient } from '../../support/api-client.js';
import { embedded } from '../../support/backends.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { ReadinessWatch } from './readiness-watch.js';

/** Values that another program could write under our names. */
const FOREIGN = {
  text: ['SET', 'other'],
  list: ['RPUSH', 'other'],
  hash: ['HSET', 'last', 'other'],
} as const;

describe('A service whose Redis keys hold values of another program', () => {
  let redis: Server;
  let service: TestService;
  let admin: ApiClient;
  let productId: string;
  let cache: string;

  before(async () => {
    redis = await startRedis();
    // As short as possible, because nothing is kept for this time after Redis lost its memory.
    const env = { REDIS_URL: redis.url, CACHE_HOLD_OFF_MS: '2000', DB_QUERY_MS: '1000' };
    service = await startTestService(embedded, env);
    admin = service.admin;
    const { id } = service.service.container.get(Installation);
    cache = `{lockstep:cache:2:${id}}`;
  });

  after(async () => {
    await service?.[Symbol.asyncDispose]();
    await redis?.close();
  });

  beforeEach(async () => {
    productId = await eventually(() => addProduct(admin, { stock: 10_000 }));
  });

  async function write(name: string, as: keyof typeof FOREIGN): Promise<void> {
    await askRedis(redis.url, ['DEL', name]);
    const [command, ...values] = FOREIGN[as];
    await askRedis(redis.url, [command, name, ...values]);
  }

  async function readCached(): Promise<string | null> {
    return (await admin.get(`/v1/products/${productId}`)).headers.get('cache-status');
  }

  const names: readonly [what: string, as: keyof typeof FOREIGN, name: (id: string) => string][] = [
    ['the control keys', 'text', () => `${cache}:control`],
    ['the control keys, of the right type', 'hash', () => `${cache}:control`],
    ['the log of invalidations', 'text', () => `${cache}:numbers`],
    ['the writers of a product', 'text', (id) => `${cache}:intents:product:${id}`],
    ['a cached product', 'list', (id) => `${cache}:entry:product:${id}`],
    ['the lease to load a product', 'list', (id) => `${cache}:fill:product:${id}`],
  ];
  for (const [what, as, name] of names) {
    it(`edits products and caches them again, after ${as} was written to ${what}`, async () => {
      const edit = () => admin.patch(`/v1/products/${productId}`, { name: 'Another' });
      const watch = new ReadinessWatch(admin, edit, ({ body }) => body.status === 'ready');
      await write(name(productId), as);
      await watch.untilTaken(10_000);
      await write(name(productId), as);
      await eventually(async () => expect(await readCached()).to.include('hit'));
      expect(watch.lies).to.deep.equal([]);
      expect((await admin.get('/readyz')).body.status).to.equal('ready');
    });
  }

  for (const [what, as, suffix] of [
    ['a lock', 'list', ''],
    ['the queue of a lock', 'text', ':queue'],
  ] as const) {
    it(`locks again after ${as} was written to ${what}, and sells in the meantime`, async () => {
      expect((await admin.post('/v1/orders', orderOf(productId))).status).to.equal(201);
      const [lock] = (await askRedis(redis.url, ['KEYS', `*{stock:${productId}}`])) as string[];
      const name = `${lock}${suffix}`;
      await write(name, as);
      expect((await admin.post('/v1/orders', orderOf(productId))).status).to.equal(201);
      const expected = suffix ? 'none' : 'string';
      await eventually(async () => {
        expect((await admin.post('/v1/orders', orderOf(productId))).status).to.equal(201);
        expect(await askRedis(redis.url, ['TYPE', name])).to.equal(expected);
      });
    });
  }
});
