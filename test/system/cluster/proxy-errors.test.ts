import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { findFreePort } from '../../../tools/servers/free-port.js';
import { nginxKind } from '../../../tools/servers/nginx/nginx-kind.js';
import type { ProxyOptions } from '../../../tools/servers/nginx/render-proxy.js';
import type { Server } from '../../../tools/servers/server.js';
import { bringUp } from '../../../tools/servers/sources/bring-up.js';
import { expectProblemForm } from '../../adapters/http/support/problem.js';
import { exchange, exchangeText, send } from '../../adapters/http/support/raw-http.js';
import { type StubUpstream, startStub } from './stub-upstream.js';

const MADE_ID = /^[0-9a-f]{32}$/;

/**
 * The same errors with and without a key, because nginx handles a POST with a key in another
 * location.
 */
const KEYS = { 'without a key': '', 'with a key': 'Idempotency-Key: once\r\n' };

const startProxy = (options: ProxyOptions & { readonly connections?: number }) =>
  bringUp(nginxKind(options), { sources: ['binary'] });

for (const [which, key] of Object.entries(KEYS)) {
  const request = (method: string, target = '/v1/orders', headers = '', body = '') =>
    `${method} ${target} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n${key}${headers}` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

  describe(`errors that nginx finds itself, ${which}`, () => {
    let stub: StubUpstream;
    let proxy: Server;

    before(async () => {
      stub = await startStub('answers');
      proxy = await startProxy({ upstreams: [stub.address] });
    });

    after(async () => {
      await proxy?.close();
      await stub?.[Symbol.asyncDispose]();
    });

    const long = 'x'.repeat(17_000);
    const CASES: Readonly<Record<string, [string, number, string]>> = {
      'a header over 16 KiB': [
        request('POST', '/', `X-A: ${long}\r\n`),
        431,
        'header_fields_too_large',
      ],
      'an address over 16 KiB': [request('GET', `/${long}`), 414, 'uri_too_long'],
      'a body over 128 KiB': [
        request('POST', '/v1/orders', '', 'x'.repeat(200_000)),
        413,
        'payload_too_large',
      ],
      'a header without a name': [request('POST', '/', ': nothing\r\n'), 400, 'malformed_request'],
      'two Host headers': [request('POST', '/', 'Host: b\r\n'), 400, 'malformed_request'],
      'a CONNECT to no host': [request('CONNECT', '/'), 400, 'malformed_request'],
      'a method of its own': [request('FROB', '/metrics'), 403, 'forbidden'],
      'the metrics of an instance': [request('GET', '/metrics'), 403, 'forbidden'],
      'an unknown transfer coding': [
        request('POST', '/', 'Transfer-Encoding: secret\r\n'),
        501,
        'not_implemented',
      ],
    };

    for (const [what, [bytes, status, code]] of Object.entries(CASES)) {
      it(`answers ${what} with ${status} and a problem`, async () => {
        const answer = await exchange(proxy.url, bytes);
        expect(answer.status).to.equal(status);
        expectProblemForm(answer);
        expect(answer.body).to.include({ status, code });
        expect(answer.headers.get('x-request-id')).to.match(MADE_ID);
        expect(answer.headers.get('server')).to.equal('nginx');
        expect(answer.headers.get('cache-control')).to.equal('no-store');
      });
    }

    it('answers a client that sends too much with 429 and Retry-After', async () => {
      await using slow = await startProxy({ upstreams: [stub.address], rate: 1, burst: 1 });
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => exchange(slow.url, request('POST'))),
      );
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused.length).to.be.within(1, 5);
      for (const answer of refused) {
        expect(answer.status).to.equal(429);
        expectProblemForm(answer);
        expect(answer.headers.get('retry-after')).to.equal('1');
      }
    });

    it('answers 503 and Retry-After when it has no connection left for the way to an instance', async () => {
      await using silent = await startStub('is silent');
      // It keeps two for itself, and each request takes two: nine are left, so the fifth gets only one.
      await using full = await startProxy({ upstreams: [silent.address], connections: 11 });
      const waiting = [];
      for (let i = 1; i <= 4; i += 1) {
        waiting.push(await send(full.url, request('POST')));
        await eventually(() => expect(silent.received).to.have.length(i));
      }
      const answer = await exchange(full.url, request('POST'));
      for (const socket of waiting) socket.destroy();
      expect(answer.status).to.equal(503);
      expectProblemForm(answer);
      expect(answer.body).to.include({ status: 503, code: 'dependency_unavailable' });
      expect(answer.headers.get('retry-after')).to.equal('1');
    });

    it('answers 503 and Retry-After when no instance answers', async () => {
      await using alone = await startProxy({ upstreams: [`127.0.0.1:${await findFreePort()}`] });
      const answer = await exchange(alone.url, request('POST'));
      expect(answer.status).to.equal(503);
      expectProblemForm(answer);
      expect(answer.body).to.include({ code: 'dependency_unavailable' });
      expect(answer.headers.get('retry-after')).to.equal('1');
    });
  });
}

describe('nginx', () => {
  let stub: StubUpstream;
  let proxy: Server;

  before(async () => {
    stub = await startStub('answers');
    proxy = await startProxy({ upstreams: [stub.address] });
  });

  after(async () => {
    await proxy?.close();
    await stub?.[Symbol.asyncDispose]();
  });

  it('accepts HTTP/1.0 without a Host header', async () => {
    const answer = await exchange(proxy.url, 'GET / HTTP/1.0\r\n\r\n');
    expect(answer.status).to.equal(200);
    expect(stub.received.at(-1)?.headers.host).to.equal(new URL(proxy.url).host);
  });

  it('prefers the host of an absolute request target to the Host header', async () => {
    const head = 'GET http://shop.example:81/a?b HTTP/1.1\r\nHost: elsewhere\r\nConnection: close';
    expect((await exchange(proxy.url, `${head}\r\n\r\n`)).status).to.equal(200);
    const { headers } = stub.received.at(-1) ?? {};
    expect(headers).to.include({ host: 'shop.example:81', 'x-forwarded-host': 'shop.example:81' });
  });

  it('gives a request without a valid id a new id, also in the errors of nginx', async () => {
    for (const id of ['a b', 'x'.repeat(129), '<script>']) {
      const headers = { 'X-Request-Id': id };
      await fetch(proxy.url, { headers });
      expect(stub.received.at(-1)?.headers['x-request-id']).to.match(MADE_ID);
      const refused = await fetch(new URL('/metrics', proxy.url), { headers });
      expect(refused.headers.get('x-request-id')).to.match(MADE_ID);
    }
    const kept = await fetch(new URL('/metrics', proxy.url), { headers: { 'X-Request-Id': 'a' } });
    expect(kept.headers.get('x-request-id')).to.equal('a');
  });

  it('keeps a connection open after an error that does not affect it', async () => {
    const refused = 'HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
    const next = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const text = await exchangeText(proxy.url, `${refused}${next}`);
    expect(text.match(/^HTTP\/1\.1 \d+/gm)).to.deep.equal(['HTTP/1.1 403', 'HTTP/1.1 200']);
    expect(text).to.match(
      /^HTTP\/1\.1 403 [\s\S]*?\r\nContent-Type: application\/problem\+json\r\n/,
    );
  });

  it('keeps a strong entity tag unchanged, whichever encodings the client accepts', async () => {
    const { headers } = await fetch(proxy.url, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(headers.get('etag')).to.equal('"strong"');
    expect(headers.get('content-encoding')).to.equal(null);
  });
});
