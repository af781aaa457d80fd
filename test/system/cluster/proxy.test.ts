import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { findFreePort } from '../../../tools/servers/free-port.js';
import { nginxKind } from '../../../tools/servers/nginx/nginx-kind.js';
import type { ProxyOptions } from '../../../tools/servers/nginx/render-proxy.js';
import { bringUp } from '../../../tools/servers/sources/bring-up.js';
import { TemporaryFolder } from '../../../tools/servers/temporary-folder.js';
import { ApiClient, type ApiResponse } from '../../support/api-client.js';
import { startSilentAddress } from './silent-address.js';
import { type StubUpstream, startStub } from './stub-upstream.js';

const ROUNDS = 8;

const read = (file: string) => readFileSync(file, 'utf8');

async function startProxy(options: ProxyOptions) {
  const server = await bringUp(nginxKind(options), { sources: ['binary'] });
  return { client: new ApiClient(server.url), [Symbol.asyncDispose]: () => server.close() };
}

describe('nginx in front of the instances', () => {
  describe('with an instance that answers', () => {
    let stub: StubUpstream;
    let proxy: Awaited<ReturnType<typeof startProxy>>;

    before(async () => {
      stub = await startStub('answers');
      proxy = await startProxy({ upstreams: [stub.address] });
    });

    after(async () => {
      await proxy?.[Symbol.asyncDispose]();
      await stub?.[Symbol.asyncDispose]();
    });

    it('passes on the address that it sees, not the one that the caller claims', async () => {
      await proxy.client.get('/', {
        'X-Forwarded-For': '203.0.113.7',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'elsewhere.example',
        Forwarded: 'for=203.0.113.7',
      });
      const { headers } = stub.received.at(-1) ?? {};
      expect(headers).to.include({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
      expect(headers?.['x-forwarded-host']).to.equal(new URL(proxy.client.url).host);
      expect(headers).not.to.have.property('forwarded');
    });

    it('keeps the id of a request, and adds one when it is missing', async () => {
      await proxy.client.get('/', { 'X-Request-Id': 'from-outside' });
      await proxy.client.get('/');
      const [given, made] = stub.received.slice(-2).map(({ headers }) => headers['x-request-id']);
      expect(given).to.equal('from-outside');
      expect(made).to.match(/^[0-9a-f]{32}$/);
    });

    it('passes a POST on with its key and body', async () => {
      const body = { items: ['x'.repeat(50_000)] };
      const answer = await proxy.client.post('/v1/orders', body, { 'Idempotency-Key': 'k' });
      expect(answer.status).to.equal(200);
      expect(stub.received.at(-1)).to.include({ method: 'POST', body: JSON.stringify(body) });
    });

    it('refuses a body that is larger than every route allows', async () => {
      const before = stub.received.length;
      const answer = await proxy.client.post('/v1/orders', 'x'.repeat(200_000));
      expectProblem(answer, 413, 'payload_too_large');
      expect(stub.received).to.have.lengthOf(before);
    });

    it('shows the metrics of instances to no client', async () => {
      expect((await proxy.client.get('/metrics')).status).to.equal(403);
    });
  });

  it('writes no query into a log, whether it is answered, refused or failed', async () => {
    await using folder = new TemporaryFolder('proxy-logs');
    const accessLog = path.join(folder.path, 'access.log');
    await using stub = await startStub('answers');
    const dead = `127.0.0.1:${await findFreePort()}`;
    for (const upstream of [stub.address, dead]) {
      const options = { upstreams: [upstream], rate: 1, burst: 1, accessLog };
      const kind = nginxKind(options);
      await using proxy = await bringUp(kind, { sources: ['binary'], logFolder: folder.path });
      const asked = new URL('/v1/products?access_token=secret-of-mine', proxy.url);
      const headers = { Referer: `${asked}` };
      const answers = await Promise.all(Array.from({ length: 4 }, () => fetch(asked, { headers })));
      const statuses = answers.map(({ status }) => status);
      expect(statuses)
        .to.include(429)
        .and.to.include(upstream === dead ? 503 : 200);
      await eventually(() => {
        expect(read(accessLog).match(/GET \/v1\/products \d{3}/g)).to.have.length.at.least(4);
      });
    }
    for (const file of readdirSync(folder.path)) {
      expect(read(path.join(folder.path, file)), file).not.to.include('secret-of-mine');
    }
  });

  it('slows down a client that sends too much', async () => {
    await using stub = await startStub('answers');
    await using proxy = await startProxy({ upstreams: [stub.address], rate: 1, burst: 2 });
    const answers = await Promise.all(
      Array.from({ length: ROUNDS }, () => proxy.client.post('/v1/orders', {})),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).to.be.within(1, ROUNDS - 1);
    for (const answer of refused) expectProblem(answer, 429, 'too_many_requests');
    expect(stub.received).to.have.lengthOf(ROUNDS - refused.length);
  });

  it('answers with an error when no instance exists', async () => {
    await using proxy = await startProxy({ upstreams: [`127.0.0.1:${await findFreePort()}`] });
    for (const answer of [await proxy.client.get('/'), await proxy.client.post('/', {})]) {
      expectProblem(answer, 503, 'dependency_unavailable');
      expect(answer.headers.get('retry-after')).to.equal('1');
    }
  });

  it('leaves an instance alone whose address swallows every packet, and fails no request', async () => {
    await using folder = new TemporaryFolder('proxy-logs');
    const accessLog = path.join(folder.path, 'access.log');
    await using stub = await startStub('answers');
    await using gone = await startSilentAddress();
    await using proxy = await startProxy({ upstreams: [gone.address, stub.address], accessLog });
    const begun = performance.now();
    for (let i = 0; i < 40; i += 1) expect((await proxy.client.get('/')).status).to.equal(200);
    const post = await proxy.client.post('/', { a: 1 });
    expect(post.status).to.equal(200);
    // Two failures, and after that at most one attempt every two seconds.
    const mostAttempts = 3 + (performance.now() - begun) / 2_000;
    await eventually(() => expect(read(accessLog).match(/ POST \/ 200 /g)).to.have.lengthOf(1));
    const attempts = read(accessLog).split(`${gone.address}, `).length - 1;
    expect(attempts).to.be.within(1, mostAttempts);
  });

  it('serves the next request when all instances were down and one is back', async () => {
    const ports = [await findFreePort(), await findFreePort()] as const;
    const upstreams = ports.map((port) => `127.0.0.1:${port}`);
    await using proxy = await startProxy({ upstreams });
    for (let i = 0; i < ROUNDS; i += 1) expect((await proxy.client.get('/')).status).to.equal(503);
    await using _stub = await startStub('answers', ports[1]);
    for (let i = 0; i < ROUNDS; i += 1) expect((await proxy.client.get('/')).status).to.equal(200);
  });

  const key = { 'Idempotency-Key': 'once' };
  for (const [what, send] of [
    ['a GET', (client) => client.get('/')],
    ['a PUT', (client) => client.send('PUT', '/', {})],
    ['a POST with an Idempotency-Key', (client) => client.post('/', { a: 1 }, key)],
  ] satisfies [string, (client: ApiClient) => Promise<ApiResponse>][]) {
    it(`repeats ${what} at another instance when the first broke the connection`, async () => {
      const { answers, broken, whole } = await onBrokenInstance(send);
      expect(answers.map(({ status }) => status)).to.deep.equal(Array(ROUNDS).fill(200));
      expect(whole.received).to.have.lengthOf(ROUNDS);
      expect(broken.received).not.to.have.lengthOf(0);
      // A repeated request is the same, including its key and its body.
      for (const one of broken.received) {
        const { method, body } = one;
        expect(whole.received[0]).to.include({ method, body });
        expect(whole.received[0]?.headers['idempotency-key']).to.equal(
          one.headers['idempotency-key'],
        );
      }
    });
  }

  for (const [what, send] of [
    ['a POST without an Idempotency-Key', (client) => client.post('/', { a: 1 })],
    ['a PATCH', (client) => client.patch('/', { a: 1 })],
  ] satisfies [string, (client: ApiClient) => Promise<ApiResponse>][]) {
    it(`never sends ${what} twice`, async () => {
      const { answers, broken, whole } = await onBrokenInstance(send);
      expect(broken.received).not.to.have.lengthOf(0);
      expect(broken.received.length + whole.received.length).to.equal(ROUNDS);
      const failed = answers.filter(({ status }) => status !== 200);
      expect(failed).to.have.lengthOf(broken.received.length);
      for (const answer of failed) expectProblem(answer, 503, 'dependency_unavailable');
    });
  }
});

/** One after the other, so that each request goes to the instance whose turn it is. */
async function onBrokenInstance(send: (client: ApiClient) => Promise<ApiResponse>) {
  await using broken = await startStub('breaks off');
  await using whole = await startStub('answers');
  await using proxy = await startProxy({ upstreams: [broken.address, whole.address] });
  const answers: ApiResponse[] = [];
  for (let round = 0; round < ROUNDS; round += 1) answers.push(await send(proxy.client));
  return { answers, broken, whole };
}

function expectProblem(
  { status, headers, body }: ApiResponse,
  expected: number,
  code: string,
): void {
  expect(status).to.equal(expected);
  expect(headers.get('content-type')).to.equal('application/problem+json');
  expect(body).to.include({ type: `/problems/${code}`, status: expected, code });
}
