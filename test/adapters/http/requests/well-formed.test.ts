import { expect } from 'chai';
import { embedded } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { expectProblem, refusedPaths } from '../support/problem.js';
import { exchange } from '../support/raw-http.js';
import { runningService } from '../support/running-service.js';

describe('requests that two readers could understand in two ways', () => {
  const service = runningService(embedded);

  function ask(lines: readonly string[], target = '/v1/products', method = 'GET', version = '1.1') {
    const head = [`${method} ${target} HTTP/${version}`, ...lines, 'Connection: close'];
    return exchange(service().service.url, `${head.join('\r\n')}\r\n\r\n`);
  }

  /** A charge with these header lines and this body, as bytes. */
  function charge(body: Buffer | string, lines: readonly string[] = []) {
    const bytes = Buffer.from(body);
    const head = [
      'POST /v1/wallets/me/charges HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${service().admin.token}`,
      ...(lines.some((line) => line.startsWith('Content-Type'))
        ? []
        : ['Content-Type: application/json']),
      `Content-Length: ${bytes.length}`,
      'Connection: close',
      ...lines,
    ];
    const text = Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
    return exchange(service().service.url, Buffer.concat([text, bytes]));
  }

  for (const host of [
    'shop.example',
    'shop.example:8080',
    '127.0.0.1:3000',
    '[::1]:3000',
    'shop.example:',
    '%6c',
  ]) {
    it(`names its host as ${host}`, async () => {
      expect((await ask([`Host: ${host}`])).status).to.equal(200);
    });
  }

  for (const host of [
    '',
    'a b',
    'a/b',
    'a@b',
    'http://a',
    'a:b',
    'a:1:2',
    '[::1',
    '::1',
    'a,b c',
    'a?b',
    '%zz',
    'a:123456',
  ]) {
    it(`is refused with the host ${JSON.stringify(host)}`, async () => {
      expectProblem(await ask([`Host: ${host}`]), 400, 'malformed_request');
    });
  }

  it('is refused with two hosts, also with the same one twice', async () => {
    for (const second of ['a', 'b']) {
      expectProblem(await ask(['Host: a', `hOST: ${second}`]), 400, 'malformed_request');
    }
  });

  it('may lack a host in HTTP/1.0, but have no malformed one', async () => {
    expect((await ask([], '/v1/products', 'GET', '1.0')).status).to.equal(200);
    const malformed = await ask(['Host: a b'], '/v1/products', 'GET', '1.0');
    expectProblem(malformed, 400, 'malformed_request');
  });

  it('is refused with two lines of a header that has one value', async () => {
    const jwt = `Authorization: Bearer ${service().admin.token}`;
    const wallet = '/v1/wallets/me';
    expect((await ask(['Host: x', jwt], wallet)).status).to.equal(200);
    expectProblem(await ask(['Host: x', jwt, jwt], wallet), 400, 'malformed_request');
    const other = 'authorization: Basic YTpi';
    expectProblem(await ask(['Host: x', jwt, other], wallet), 400, 'malformed_request');
    for (const [first, second] of [
      ['Idempotency-Key: a', 'Idempotency-Key: b'],
      ['Content-Type: application/json', 'Content-Type: text/plain'],
    ] as const) {
      expectProblem(await charge('{"amount":1}', [first, second]), 400, 'malformed_request');
    }
    const atLeast = await ask(['Host: x', 'Lockstep-At-Least: 0', 'Lockstep-At-Least: 1']);
    expectProblem(atLeast, 400, 'validation_failed');
  });

  it('keeps the lines of a header that is a list', async () => {
    const path = `/v1/products/${await addProduct(service().admin)}`;
    const tag = (await service().anyone.get(path)).headers.get('etag');
    const lines = ['Host: x', 'If-Match: "other"', `If-Match: ${tag}`];
    expect((await ask(lines, path)).status).to.equal(200);
  });

  for (const target of [
    '/v1/products?category=%ff',
    '/v1/products?category=%zz',
    '/v1/products?category=%c0%ae',
    '/v1/products?category=%ed%a0%80',
    '/v1/products?limit=%',
    '/v1/wallets/%ff',
    '/v1/products/%zz',
  ]) {
    it(`is refused with the target ${target}`, async () => {
      const jwt = `Authorization: Bearer ${service().admin.token}`;
      expectProblem(await ask(['Host: x', jwt], target), 400, 'malformed_request');
    });
  }

  for (const target of [
    '/v1/products?category=차',
    '/v1/products#top',
    '/v1/products?limit=1#top',
    'http://',
    'http://?limit=1',
    'http:///v1/products',
    'ftp://x/v1/products',
  ]) {
    it(`is refused with the invalid target ${target}`, async () => {
      expectProblem(await ask(['Host: x'], target), 400, 'malformed_request');
    });
  }

  it('is refused with a transfer coding that is not chunked, and in HTTP/1.0 with any', async () => {
    const { admin } = service();
    const jwt = `Authorization: Bearer ${admin.token}`;
    const body = 'c\r\n{"amount":1}\r\n0\r\n\r\n';
    for (const [version, coding] of [
      ['1.1', 'gzip, chunked'],
      ['1.1', 'chunked, chunked'],
      ['1.0', 'chunked'],
    ]) {
      const answer = await exchange(
        service().service.url,
        `POST /v1/wallets/me/charges HTTP/${version}\r\nHost: x\r\n${jwt}\r\n` +
          `Content-Type: application/json\r\nTransfer-Encoding: ${coding}\r\n\r\n${body}`,
      );
      expectProblem(answer, 400, 'malformed_request');
      expect(answer.headers.get('connection')).to.equal('close');
    }
  });

  it('may name the host in an absolute target', async () => {
    for (const scheme of ['http', 'https', 'HTTP']) {
      const target = `${scheme}://elsewhere/v1/products?limit=1`;
      expect((await ask(['Host: x'], target)).status).to.equal(200);
    }
    for (const root of ['http://elsewhere', 'http://elsewhere?x=1', 'http://elsewhere/']) {
      expect((await ask(['Host: x'], root)).headers.get('location')).to.equal('/docs');
    }
  });

  it('gets the methods of the service from OPTIONS *, and is refused for * with another method', async () => {
    const answer = await ask(['Host: x'], '*', 'OPTIONS');
    expect(answer.status).to.equal(204);
    expect(answer.headers.get('allow')?.split(', ')).to.include.members(['GET', 'PATCH']);
    expectProblem(await ask(['Host: x'], '*'), 400, 'malformed_request');
  });

  it('gets 405 with Allow for TRACE and CONNECT', async () => {
    for (const [method, target] of [
      ['TRACE', '/v1/products'],
      ['CONNECT', 'elsewhere:443'],
    ] as const) {
      const answer = await ask(['Host: x'], target, method);
      expectProblem(answer, 405, 'method_not_allowed');
      expect(answer.headers.get('allow')).to.include('GET').and.not.include(method);
    }
  });

  it('gets 417 for an unknown expectation', async () => {
    const answer = await ask(['Host: x', 'Expect: miracles']);
    expectProblem(answer, 417, 'expectation_failed');
  });

  for (const [what, body] of [
    ['a byte that begins nothing', Buffer.from('{"amount":1,"a":"\xff"}', 'latin1')],
    ['half a character', Buffer.from('{"amount":1,"a":"\xed\xa0\x80"}', 'latin1')],
    ['an overlong slash', Buffer.from('{"amount":1,"a":"\xc0\xaf"}', 'latin1')],
    ['a cut character', Buffer.from('{"amount":1}\xe2\x82', 'latin1')],
  ] as const) {
    it(`is refused with ${what} in its body`, async () => {
      expectProblem(await charge(body), 400, 'malformed_request');
    });
  }

  for (const charset of ['utf-16', 'utf-16le', 'utf-32', 'utf-7']) {
    it(`gets 415 for a body in ${charset}`, async () => {
      const body = Buffer.from('{"amount":1}', 'utf16le');
      const type = `Content-Type: application/json; charset=${charset}`;
      expectProblem(await charge(body, [type]), 415, 'unsupported_media_type');
    });
  }

  for (const [body, path] of [
    ['{"amount":1,"amount":2}', 'amount'],
    ['{"amount":1,"amount":1}', 'amount'],
    ['{"amount":1,"\\u0061mount":1}', 'amount'],
    ['{"__proto__":1,"amount":1,"__proto__":2}', '__proto__'],
    ['{"amount":1,"a":{"b":[0,{"c":1,"c":2}]}}', 'a.b.1.c'],
    ['{"a":"\\"","a":1}', 'a'],
    ['{"":1,"":2}', ''],
    ['{"amount":9007199254740993}', 'amount'],
    ['{"amount":1.00000000000000000001}', 'amount'],
    ['{"amount":0.99999999999999999999}', 'amount'],
    ['{"amount":1e-400}', 'amount'],
  ] as const) {
    it(`is refused with the body ${body}, by the name of the field`, async () => {
      const answer = await charge(body);
      expectProblem(answer, 400, 'validation_failed');
      expect(refusedPaths(answer)).to.deep.equal([path]);
    });
  }

  it('may repeat a key in another object, and have strings that look like keys', async () => {
    const { admin } = service();
    const [one, two] = [await addProduct(admin), await addProduct(admin)];
    const items = [one, two].map((productId) => ({ productId, quantity: 1 }));
    expect((await admin.post('/v1/orders', { items })).status).to.equal(201);
    const name = '{"name":"a","name":"b"},\\"name\\":\\\\';
    const change = await admin.patch(`/v1/products/${one}`, { name, category: 'name' });
    expect(change.body.name).to.equal(name);
    expect((await charge('{"amount":1000000000.0e0}')).status).to.equal(201);
  });
});
