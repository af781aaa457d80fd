import { expect } from 'chai';
import { InProcessCache } from '../../../src/adapters/cache/in-process-cache.js';
import { BypassCache } from '../../../src/adapters/cache/layers/1-bypass-cache.js';
import { embedded } from '../../support/backends.js';
import { addProduct } from '../../support/shop.js';
import { startTestService } from '../../support/test-service.js';

describe('BypassCache', () => {
  const key = 'product:1';
  const load = (text: string) => async () => ({ text });

  it('loads at each read, and keeps nothing', async () => {
    const kept = new InProcessCache();
    const cache = new BypassCache(kept);
    expect(await cache.read({ key }, load('a'))).to.deep.equal({ text: 'a', source: 'bypass' });
    expect(await cache.read({ key }, load('b'))).to.deep.equal({ text: 'b', source: 'bypass' });
    expect(await cache.read({ key }, async () => undefined)).to.include({ text: undefined });
    expect(await kept.read({ key }, load('c'))).to.include({ source: 'stored' });
  });

  it('rejects with the error of the load', async () => {
    const failing = () => Promise.reject(new Error('no such table'));
    const failure = await Promise.resolve(
      new BypassCache(new InProcessCache()).read({ key }, failing),
    )
      .then(() => 'none')
      .catch((error: Error) => error.message);
    expect(failure).to.equal('no such table');
  });

  it('begins write intents in the cache that other instances use', async () => {
    const kept = new InProcessCache();
    const cache = new BypassCache(kept);
    await kept.read({ key }, load('old'));
    const intent = await cache.beginWrite([key]);
    expect(await kept.read({ key }, load('new'))).to.deep.equal({ text: 'new', source: 'bypass' });
    expect(await intent.end()).to.be.greaterThan(intent.number);
    expect(await cache.latest()).to.equal(await kept.latest());
  });

  it('is used by the whole service when CACHE_MODE is off', async () => {
    await using shop = await startTestService(embedded, { CACHE_MODE: 'off' });
    const id = await addProduct(shop.admin);
    for (const path of [`/v1/products/${id}`, `/v1/products/${id}`, '/v1/products']) {
      const answer = await shop.anyone.get(path);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('cache-status')).to.equal('lockstep; fwd=bypass');
    }
  });
});
