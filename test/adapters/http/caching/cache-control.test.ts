import { expect } from 'chai';
import { InProcessCache } from '../../../../src/adapters/cache/in-process-cache.js';
import { TokenVerifier } from '../../../../src/adapters/http/auth/token-verifier.js';
import { handleRoutes } from '../../../../src/adapters/http/handle-routes.js';
import { route } from '../../../../src/adapters/http/route.js';
import { embedded } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { Contract } from '../support/contract.js';
import { runningService } from '../support/running-service.js';

describe('Cache-Control of a response', () => {
  const service = runningService(embedded);
  let contract: Contract;
  let id: string;

  before(async () => {
    contract = new Contract((await service().anyone.get('/openapi.json')).body);
    id = await addProduct(service().admin);
  });

  function cacheControl(path: string) {
    return service()
      .anyone.get(path)
      .then(({ headers }) => headers.get('cache-control'));
  }

  it('allows everyone to store products and their pages, and to revalidate them', async () => {
    const revalidated = 'public, no-cache';
    expect(await cacheControl(`/v1/products/${id}`)).to.equal(revalidated);
    expect(await cacheControl('/v1/products?limit=1')).to.equal(revalidated);
  });

  it('forbids to store the stock', async () => {
    expect(await cacheControl(`/v1/products/${id}/stock`)).to.equal('no-store');
  });

  it('forbids to store every response to a request that needs a token', async () => {
    const secured = contract.operations.filter(({ security }) => security.length > 0);
    expect(secured).to.not.be.empty;
    for (const { method, path, body } of secured) {
      const filled = path.replace('{id}', id).replace('{userId}', 'admin');
      for (const client of [service().admin, service().anyone]) {
        const { headers } = await client.send(method, filled, body && {});
        expect(headers.get('cache-control'), `${method} ${path}`).to.equal('private, no-store');
      }
    }
  });

  it('is declared by every operation; a 304 only by reads, a Cache-Status only by cached reads', async () => {
    const cached = ['/v1/products', '/v1/products/{id}'];
    for (const { method, path, responses } of contract.operations) {
      const isCached = method === 'GET' && cached.includes(path);
      expect(responses['304'] !== undefined, `${method} ${path}`).to.equal(method === 'GET');
      for (const { headers } of Object.values(responses)) {
        expect(headers, `${method} ${path}`).to.include.keys('Cache-Control');
      }
      const read = Object.keys(responses['200']?.headers ?? {});
      if (isCached) expect(read, path).to.include.members(['ETag', 'Cache-Status']);
      else expect(read, path).to.not.include('Cache-Status');
    }
  });

  it('cannot be public for a route that requires a token', () => {
    const tokens = new TokenVerifier({ key: new Uint8Array(32), algorithms: ['HS256'] });
    for (const [method, access] of [
      ['get', 'user'],
      ['post', 'anyone'],
    ] as const) {
      const cached = route({
        method,
        access,
        path: '/v1/secret',
        summary: 'Read what is not public',
        success: { status: 200, description: 'It' },
        cache: { resources: () => [] },
        handle: async () => ({}),
      });
      const handle = () => handleRoutes([cached], { tokens, cache: new InProcessCache() });
      expect(handle, `${method} by ${access}`).to.throw(TypeError, 'not public');
    }
  });

  it('forbids to store the 404 of an unknown path', async () => {
    expect(await cacheControl('/nowhere')).to.equal('no-store');
    const put = await service().anyone.send('PUT', '/v1/products');
    expect(put.status).to.equal(405);
    expect(put.headers.get('cache-control')).to.equal('no-store');
  });
});
