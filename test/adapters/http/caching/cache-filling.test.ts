import { expect } from 'chai';
import { v7 } from 'uuid';
import type { TwoLevelCache } from '../../../../src/adapters/cache/layers/2-two-level-cache.js';
import type { CachePortAdapter } from '../../../../src/adapters/lock-and-cache-adapters/cache-port-adapter.js';
import { Installation } from '../../../../src/config/modules/sql-bindings.js';
import { CachePort } from '../../../../src/domain/ports/cache-port.js';
import { servers } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { connect, type TestClient } from '../../lock/support/redis-clients.js';
import { HIT } from '../support/cache-headers.js';
import { cachingService } from '../support/caching-service.js';
import { expectProblem, refusedPaths } from '../support/problem.js';

const PRODUCTS = 30;

describe('What anyone can put into the cache by asking for pages', () => {
  const service = cachingService(servers);
  let redis: TestClient;

  before(async () => {
    redis = await connect(String(service().env['REDIS_URL']));
    for (let i = 0; i < PRODUCTS; i++) await addProduct(service().admin);
  });

  after(() => redis?.destroy());

  const get = (path: string) => service().anyone.get(path);

  /** Pages that Redis holds of this service, by the question they answer. */
  async function pages(): Promise<string[]> {
    const { container } = service().service;
    const names: string[] = [];
    const MATCH = `{lockstep:cache:2:${container.get(Installation).id}}:*GET *`;
    for await (const keys of redis.scanIterator({ MATCH, COUNT: 1_000 })) names.push(...keys);
    return names;
  }

  const localBytes = () =>
    ((service().service.container.get(CachePort) as CachePortAdapter).cache as TwoLevelCache).size
      .bytes;

  it('is nothing with invented cursors, which are refused', async () => {
    const [held, bytes] = [await pages(), localBytes()];
    const { nextCursor } = (await get('/v1/products?limit=10')).body;
    const tampered = `${nextCursor.slice(0, -6)}AAAAAA`;
    for (const cursor of [
      Buffer.from(v7()).toString('base64url'),
      ...[
        tampered,
        `${nextCursor}A`,
        nextCursor.slice(2),
        nextCursor.toLowerCase(),
        'A'.repeat(99),
      ],
    ]) {
      const answer = await get(`/v1/products?limit=10&cursor=${cursor}`);
      expectProblem(answer, 400, 'validation_failed');
      expect(refusedPaths(answer)).to.deep.equal(['cursor']);
      expect(answer.headers.get('cache-status')).to.equal(null);
    }
    expect((await pages()).length).to.equal(held.length + 1);
    expect(localBytes()).to.be.at.least(bytes);
  });

  it('is nothing with a cursor of another list', async () => {
    const { nextCursor } = (await get('/v1/products?limit=10')).body;
    for (const path of [
      `/v1/products?limit=10&category=test&cursor=${nextCursor}`,
      `/v1/orders?cursor=${nextCursor}`,
      `/v1/wallets/me/entries?cursor=${nextCursor}`,
    ]) {
      const user = await service().customer('alice');
      expectProblem(await user.get(path), 400, 'validation_failed');
    }
  });

  it('is nothing with categories without a product', async () => {
    const [held, bytes] = [await pages(), localBytes()];
    for (let i = 0; i < 20; i++) {
      const answer = await get(`/v1/products?category=nothing-${i}`);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('cache-status')).to.equal('lockstep; fwd=miss');
      expect(answer.headers.get('etag')).to.match(/^"/);
    }
    expect(await pages()).to.have.members(held);
    expect(localBytes()).to.equal(bytes);
  });

  it('is nothing with pages of unusual sizes, whose answers are still right', async () => {
    const [held, bytes] = [await pages(), localBytes()];
    const all = (await get('/v1/products?limit=100')).body.items;
    const usual = await pages();
    for (const limit of [1, 7, 19, 21, 99]) {
      for (let cursor = '', from = 0; from < PRODUCTS; from += limit) {
        const page = await get(`/v1/products?limit=${limit}${cursor}`);
        expect(page.body.items).to.deep.equal(all.slice(from, from + limit));
        expect(page.headers.get('cache-status')).to.equal('lockstep; fwd=miss');
        cursor = `&cursor=${page.body.nextCursor}`;
        const tag = { 'If-None-Match': page.headers.get('etag') ?? '' };
        if (from === 0) {
          const again = await service().anyone.get(`/v1/products?limit=${limit}`, tag);
          expect(again.status).to.equal(304);
        }
      }
    }
    expect(usual.length - held.length).to.be.at.most(1);
    expect(await pages()).to.have.members(usual);
    expect(localBytes() - bytes).to.be.below(20_000);
  });

  it('is nothing with pages that continue a page of another size', async () => {
    const { nextCursor } = (await get('/v1/products?limit=3')).body;
    const held = await pages();
    for (const limit of [10, 20, 50, 100]) {
      const page = await get(`/v1/products?limit=${limit}&cursor=${nextCursor}`);
      expect(page.status).to.equal(200);
      expect(page.headers.get('cache-status')).to.equal('lockstep; fwd=miss');
    }
    expect(await pages()).to.have.members(held);
  });

  it('is a page of a usual size, and the pages behind it', async () => {
    const first = await get('/v1/products?limit=10');
    const second = `/v1/products?limit=10&cursor=${first.body.nextCursor}`;
    await get(second);
    for (const path of ['/v1/products?limit=10', second]) {
      expect((await get(path)).headers.get('cache-status')).to.match(HIT);
    }
  });
});
