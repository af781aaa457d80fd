import { expect } from 'chai';
import { nginxKind } from '../../../tools/servers/nginx/nginx-kind.js';
import type { Server } from '../../../tools/servers/server.js';
import { bringUp } from '../../../tools/servers/ways/bring-up.js';
import { GET, MALFORMED, POST } from '../../adapters/http/support/malformed-http.js';
import { expectProblemForm } from '../../adapters/http/support/problem.js';
import { exchange } from '../../adapters/http/support/raw-http.js';
import { runningService } from '../../adapters/http/support/running-service.js';
import { ApiClient } from '../../support/api-client.js';
import { embedded } from '../../support/backends.js';
import { addProduct } from '../../support/shop.js';

/** The largest header that nginx accepts, without its name. */
const LONG_TOKEN = 'x'.repeat(16_000);

describe('The service behind nginx', () => {
  const service = runningService(embedded, { INSTANCE_ID: 'instance-7' });
  let proxy: Server;
  let anyone: ApiClient;

  before(async () => {
    const { host } = new URL(service().service.url);
    proxy = await bringUp(nginxKind({ upstreams: [host] }), { ways: ['binary'] });
    anyone = new ApiClient(proxy.url);
  });

  after(() => proxy?.close());

  for (const [what, bytes] of Object.entries(MALFORMED)) {
    it(`answers ${what} with a problem, and continues`, async () => {
      const answer = await exchange(proxy.url, bytes);
      expect(answer.status, JSON.stringify(answer.body)).to.be.within(400, 599);
      expect(answer.status).not.to.be.oneOf([500, 502, 503, 504]);
      expectProblemForm(answer);
      expect((await anyone.get('/healthz')).status).to.equal(200);
    });
  }

  it('accepts the longest token that nginx accepts, with other headers', async () => {
    const headers = { Authorization: `Bearer ${LONG_TOKEN}`, Cookie: 'x'.repeat(12_000) };
    const answer = await anyone.get('/v1/wallets/me', headers);
    expect(answer.status).to.equal(401);
    expect(answer.headers.get('x-instance')).to.equal('instance-7');
  });

  it('answers headers that are too long for the service, but not for nginx, with a problem', async () => {
    const many = Array.from({ length: 3 }, (_, i) => `X-${i}: ${'x'.repeat(15_000)}\r\n`).join('');
    for (const head of [GET, `${POST}Idempotency-Key: once\r\n`]) {
      const answer = await exchange(proxy.url, `${head}${many}\r\n`);
      expect(answer.status).to.be.oneOf([400, 431]);
      expectProblemForm(answer);
    }
  });

  it('answers TRACE with the allowed methods of a resource, and with 404 when the resource does not exist', async () => {
    const trace = (path: string) =>
      exchange(proxy.url, `TRACE ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    for (const [path, allow] of [
      ['/healthz', 'GET, HEAD, OPTIONS'],
      ['/v1/orders', 'GET, POST, HEAD, OPTIONS'],
    ] as const) {
      const answer = await trace(path);
      expect(answer.status).to.equal(405);
      expectProblemForm(answer);
      expect(answer.headers.get('allow')?.split(', ')).to.have.members(allow.split(', '));
    }
    expect((await trace('/v1/nowhere')).status).to.equal(404);
  });

  it('accepts the entity tag of a long product for a change', async () => {
    const admin = await ApiClient.of(proxy.url, service().env, 'admin', 'admin');
    const path = `/v1/products/${await addProduct(admin)}`;
    const long = '😀'.repeat(200);
    expect((await admin.patch(path, { name: long, category: long.slice(0, 100) })).status).to.equal(
      200,
    );
    const read = await admin.get(path, { 'Accept-Encoding': 'gzip, br' });
    const tag = read.headers.get('etag') ?? '';
    const changed = await admin.patch(path, { price: 7 }, { 'If-Match': tag });
    expect(changed.status, tag).to.equal(200);
  });

  it('demands no TLS from clients that came without it', async () => {
    const { headers } = await anyone.get('/healthz', { 'X-Forwarded-Proto': 'https' });
    expect(headers.get('strict-transport-security')).to.equal(null);
  });
});
