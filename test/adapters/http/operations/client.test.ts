import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createLockstepClient } from '../../../../src/client/lockstep-client.js';
import {
  clientTypes,
  type OpenApiDocument,
  typesFile,
} from '../../../../tools/client/client-types.js';
import { embedded } from '../../../support/backends.js';
import { addProduct, orderOf, withId } from '../../../support/shop.js';
import { runningService } from '../support/running-service.js';

describe('the typed client', () => {
  const service = runningService(embedded);

  it('has the types of the document that the service serves (if not: npm run client)', async () => {
    const { body } = await service().anyone.get('/openapi.json');
    expect(readFileSync(typesFile, 'utf8')).to.equal(clientTypes(body as OpenApiDocument));
  });

  it('refuses to make types from anything but an OpenAPI document', () => {
    const document = { openapi: '1.0', paths: {} };
    expect(() => clientTypes(document)).to.throw('openapi-typescript failed');
  });

  it('reads a public route without a token, and is refused where one is needed', async () => {
    const client = createLockstepClient({ baseUrl: service().service.url });
    const id = await addProduct(service().admin, { price: 300 });
    const { data: product } = await client.GET('/v1/products/{id}', withId(id));
    expect(product).to.include({ id, price: 300 });
    const { data, error } = await client.GET('/v1/wallets/me');
    expect(data).to.equal(undefined);
    expect(error).to.include({ status: 401, code: 'unauthorized' });
  });

  it('sends Idempotency-Key and Prefer as typed headers', async () => {
    const { api } = await service().customer('client-headers');
    const body = orderOf(await addProduct(service().admin));
    const header = { 'Idempotency-Key': 'client-1', Prefer: 'respond-async' };
    const first = await api.POST('/v1/orders', { params: { header }, body });
    const second = await api.POST('/v1/orders', { params: { header }, body });
    expect(first.response.status).to.equal(202);
    expect(second.response.headers.get('idempotency-replayed')).to.equal('true');
    expect(second.data).to.deep.equal(first.data);
  });

  it('sends If-Match as a typed header', async () => {
    const { api } = service().admin;
    const path = { id: await addProduct(service().admin) };
    const { response } = await api.GET('/v1/products/{id}', { params: { path } });
    const header = { 'If-Match': String(response.headers.get('etag')) };
    const change = { params: { path, header }, body: { price: 5 } };
    expect((await api.PATCH('/v1/products/{id}', change)).data?.price).to.equal(5);
    expect((await api.PATCH('/v1/products/{id}', change)).error?.code).to.equal(
      'precondition_failed',
    );
  });
});
