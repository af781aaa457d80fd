import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { schemaFile } from '../../../../tools/events/schema-file.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { startRedis } from '../../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../../tools/servers/server.js';
import type { ApiResponse } from '../../../support/api-client.js';
import { backends, embedded, servers } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { startTestService, type TestService } from '../../../support/test-service.js';
import { expectProblem } from '../support/problem.js';
import { samples } from '../support/prometheus-samples.js';
import { runningService } from '../support/running-service.js';

const UP = { status: 'up' };
const DOWN = { status: 'down' };

for (const backend of backends) {
  describe(`the routes for operators on ${backend.name}`, () => {
    const service = runningService(backend, { INSTANCE_ID: 'one' });

    it('is alive', async () => {
      const answer = await service().anyone.get('/healthz');
      expect({ status: answer.status, body: answer.body }).to.deep.equal({
        status: 200,
        body: { status: 'ok' },
      });
    });

    it('is ready with each dependency up', async () => {
      const answer = await service().anyone.get('/readyz');
      const dependencies = backend === servers ? { database: UP, redis: UP } : { database: UP };
      expect(answer.status).to.equal(200);
      expect(answer.body).to.deep.equal({ status: 'ready', dependencies });
    });

    it('refuses a part of a file that is not there, and a condition that does not hold', async () => {
      const { anyone } = service();
      const path = '/docs/swagger-ui.css';
      const range = await anyone.get(path, { Range: 'bytes=99999999-' });
      expectProblem(range, 416, 'range_not_satisfiable');
      expect(range.headers.get('content-range')).to.match(/^bytes \*\/\d+$/);
      expectProblem(await anyone.get(path, { 'If-Match': '"x"' }), 412, 'precondition_failed');
    });

    it('gives metrics that Prometheus can read', async () => {
      await service().anyone.get('/v1/products');
      const answer = await service().anyone.get('/metrics');
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.match(/^text\/plain; *version=0\.0\.4/);
      const series = samples(answer.body);
      expect(series.length).to.be.above(20);
      expect(new Set(series.map(({ name, labels }) => `${name}{${labels}`)).size).to.equal(
        series.length,
      );
      const counted = series.find(
        ({ name, labels }) =>
          name === 'http_request_duration_seconds_count' &&
          labels.includes('route="/v1/products"') &&
          labels.includes('method="GET"') &&
          labels.includes('status="200"'),
      );
      expect(counted?.value).to.be.at.least(1);
      expect(counted?.labels).to.include('instance="one"');
    });

    it('makes no metric series from invented paths and methods', async () => {
      const { admin, anyone } = service();
      const before = samples((await anyone.get('/metrics')).body).length;
      const id = await addProduct(admin);
      for (let i = 0; i < 20; i++) {
        await anyone.get(`/v1/products/${id.slice(0, -2)}${10 + i}`);
        await anyone.get(`/nowhere/${i}`);
      }
      const after = samples((await anyone.get('/metrics')).body).length;
      // A histogram has some 14 lines. At most one is new for each new route and status.
      expect(after - before).to.be.below(14 * 6);
    });
  });
}

describe('the page that shows the contract', () => {
  const service = runningService(embedded);

  async function load(path: string): Promise<Response> {
    return fetch(new URL(path, service().service.url));
  }

  it('is the target of the redirect from the root, for reads only', async () => {
    for (const method of ['GET', 'HEAD']) {
      const root = new URL('/', service().service.url);
      const answer = await fetch(root, { method, redirect: 'manual' });
      expect(answer.status, method).to.equal(302);
      expect(answer.headers.get('location'), method).to.equal('/docs');
      const followed = await fetch(root, { method });
      expect(followed.status, method).to.equal(200);
      expect(new URL(followed.url).pathname, method).to.equal('/docs/');
    }
    expectProblem(await service().anyone.post('/', {}), 405, 'method_not_allowed');
    expectProblem(await service().anyone.get('/other'), 404, 'not_found');
  });

  it('loads together with every file that it refers to', async () => {
    const page = await load('/docs');
    expect(page.status).to.equal(200);
    expect(page.headers.get('content-type')).to.include('text/html');
    expect(new URL(page.url).pathname, 'or its relative links would miss').to.equal('/docs/');
    const html = await page.text();
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(assets).to.include.members(['./swagger-ui-bundle.js', './swagger-initializer.js']);
    for (const asset of assets) {
      const answer = await load(new URL(asset, page.url).pathname);
      expect(answer.status, asset).to.equal(200);
      const type = { js: 'javascript', css: 'css', png: 'png' }[asset.split('.').at(-1) ?? ''];
      expect(answer.headers.get('content-type'), asset).to.include(type);
      expect((await answer.arrayBuffer()).byteLength, asset).to.be.above(0);
    }
  });

  it('runs no script that its own policy forbids', async () => {
    const page = await load('/docs/');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).to.match(/script-src 'self'(;|$)/);
    expect(policy).to.not.include('upgrade-insecure-requests');
    const html = await page.text();
    for (const [, attributes, inline] of html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)) {
      expect(attributes).to.include('src=');
      expect(inline?.trim()).to.equal('');
    }
  });

  it('serves the documented schema of events', async () => {
    const answer = await load('/events.schema.json');
    expect(answer.headers.get('content-type')).to.match(/^application\/schema\+json/);
    expect(await answer.json()).to.deep.equal(JSON.parse(await readFile(schemaFile, 'utf8')));
  });

  it('shows this contract, not the sample of Swagger UI', async () => {
    const script = await (await load('/docs/swagger-initializer.js')).text();
    expect(script).to.include("'/openapi.json'").and.not.include('petstore');
    // The functions that it calls are in the bundle that the page loads before it.
    expect(() => new Function(script)).to.not.throw();
  });
});

describe('a service whose Redis goes down', () => {
  let redis: Server;
  let service: TestService;

  before(async () => {
    redis = await startRedis({ ways: ['docker', 'binary'] });
    service = await startTestService(embedded, { REDIS_URL: redis.url });
  });

  after(async () => {
    await service?.[Symbol.asyncDispose]();
    await redis?.close();
  });

  for (const how of [undefined, 'abruptly'] as const) {
    it(`names Redis, still sells correctly, and recovers, when Redis stops ${how ?? 'cleanly'}`, async () => {
      const { admin, anyone } = service;
      const id = await addProduct(admin);
      const key = { 'Idempotency-Key': `order-${how}` };
      await redis.stop(how);
      const ready = await anyone.get('/readyz');
      expect(ready.status, 'it still takes traffic').to.equal(200);
      expect(ready.body).to.deep.equal({
        status: 'degraded',
        dependencies: { database: UP, redis: DOWN },
      });
      expect((await anyone.get('/healthz')).status).to.equal(200);
      expect((await anyone.get(`/v1/products/${id}`)).status).to.equal(200);
      let sold = 0;
      for (const headers of [key, {}, {}, key]) {
        const order = await admin.post('/v1/orders', orderOf(id), headers);
        if (order.status !== 201) expectOutage(order);
        else if (!order.headers.has('idempotency-replayed')) sold += 1;
      }
      expect((await anyone.get(`/v1/products/${id}/stock`)).body.available).to.equal(10 - sold);
      await redis.start();
      await eventually(async () => {
        expect((await anyone.get('/readyz')).body.status).to.equal('ready');
      });
      const order = await admin.post('/v1/orders', orderOf(id), key);
      expect(order.status, JSON.stringify(order.body)).to.equal(201);
      if (!order.headers.has('idempotency-replayed')) sold += 1;
      expect((await anyone.get(`/v1/products/${id}/stock`)).body.available).to.equal(10 - sold);
    });
  }
});

function expectOutage(answer: ApiResponse): void {
  expectProblem(answer, 503, 'dependency_unavailable');
  expect(answer.body.dependency).to.equal('redis');
  expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
}
