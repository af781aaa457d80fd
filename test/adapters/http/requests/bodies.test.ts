import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { ApiResponse } from '../../../support/api-client.js';
import { embedded } from '../../../support/backends.js';
import { expectProblem } from '../support/problem.js';
import { exchangeText } from '../support/raw-http.js';
import { runningService } from '../support/running-service.js';
import { secretOf, sign } from '../support/token.js';

const LIMIT = 64 * 1024;

describe('bodies', () => {
  const service = runningService(embedded);
  const JSON_TYPE = { 'content-type': 'application/json' };

  /** A charge in the given bytes, straight to the socket's end of fetch. */
  async function charge(
    body: string | Uint8Array<ArrayBuffer> | ReadableStream | null,
    headers: Record<string, string> = JSON_TYPE,
  ): Promise<ApiResponse> {
    const jwt = await sign(secretOf(service()));
    const response = await fetch(`${service().service.url}/v1/wallets/me/charges`, {
      method: 'POST',
      headers: { authorization: `Bearer ${jwt}`, ...headers },
      body,
      duplex: 'half',
    } as RequestInit);
    const { status } = response;
    return { status, headers: response.headers, body: await response.json() };
  }

  /** A valid charge that is blown up to so many bytes. */
  function padded(bytes: number): string {
    const text = '{"amount":1}';
    return text.padEnd(bytes, ' ');
  }

  function streamed(text: string): ReadableStream {
    return new Blob([text]).stream();
  }

  it('takes a body of exactly 64 KiB', async () => {
    expect((await charge(padded(LIMIT))).status).to.equal(201);
    expect((await charge(streamed(padded(LIMIT)))).status).to.equal(201);
  });

  it('answers 413 to one byte more', async () => {
    expectProblem(await charge(padded(LIMIT + 1)), 413, 'payload_too_large');
  });

  it('answers 413 to one byte more that comes in chunks without a length', async () => {
    expectProblem(await charge(streamed(padded(LIMIT + 1))), 413, 'payload_too_large');
  });

  it('answers 413 to a much larger body', async () => {
    expectProblem(await charge(padded(5_000_000)), 413, 'payload_too_large');
    expectProblem(await charge(streamed(padded(5_000_000))), 413, 'payload_too_large');
  });

  it('handles the next request after a 413 on the same connection', async () => {
    const jwt = await sign(secretOf(service()));
    const head =
      `POST /v1/wallets/me/charges HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${jwt}\r\n` +
      'Content-Type: application/json\r\n';
    const large = padded(LIMIT + 1);
    const text = await exchangeText(
      service().service.url,
      `${head}Content-Length: ${large.length}\r\n\r\n${large}` +
        'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]);
    expect(statuses).to.deep.equal(['413', '200']);
  });

  it('counts a compressed body by its unpacked size', async () => {
    const gzip = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect((await charge(new Uint8Array(gzipSync(padded(100))), gzip)).status).to.equal(201);
    const bomb = new Uint8Array(gzipSync(padded(20_000_000)));
    expect(bomb.length).to.be.below(LIMIT);
    expectProblem(await charge(bomb, gzip), 413, 'payload_too_large');
  });

  it('refuses a body that is not compressed as its Content-Encoding says', async () => {
    const gzip = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expectProblem(await charge('{"amount":1}', gzip), 400, 'malformed_request');
    const cut = new Uint8Array(gzipSync(padded(100)).subarray(0, 15));
    expectProblem(await charge(cut, gzip), 400, 'malformed_request');
    const unknown = { ...JSON_TYPE, 'content-encoding': 'secret' };
    expectProblem(await charge('{"amount":1}', unknown), 415, 'unsupported_media_type');
  });

  for (const text of [
    '{',
    '{"amount":1',
    '{"amount":1}}',
    "{'amount':1}",
    '{"amount":01}',
    '{"amount":+1}',
    '{"amount":NaN}',
    '{"amount":Infinity}',
    '{"amount":1,}',
    '{"amount":0x10}',
    'amount=1',
    'undefined',
    'null',
    'true',
    '1',
    '"amount"',
    '\0',
    '{"amount":1}\0',
    '{"amount":"\u0001"}',
  ]) {
    it(`answers 400 malformed_request to ${JSON.stringify(text)}`, async () => {
      expectProblem(await charge(text), 400, 'malformed_request');
      expectProblem(await charge(streamed(text)), 400, 'malformed_request');
    });
  }

  it('names the line and column of a syntax error, and repeats no part of the body', async () => {
    const secret = 'tok_do_not_repeat';
    const { body } = await charge(`{\n  "amount": 1,\n  "token": ${secret}\n}`);
    // 'true' might have begun with that letter.
    expect(body.detail).to.equal('The body is not valid JSON: line 3, column 13.');
    expect(JSON.stringify(body)).not.to.include(secret);
    const cut = await charge(`{"amount": "${'€'.repeat(20_000)}`);
    expect(cut.body.detail).to.equal('The body is not valid JSON: line 1, column 20013.');
    expect((await charge('true')).body.detail).to.equal('The body is not a JSON object.');
  });

  for (const text of [
    '[]',
    '{}',
    '[{"amount":1}]',
    '{"amount":null}',
    '{"amount":"1"}',
    '{"amount":true}',
    '{"amount":[1]}',
    '{"amount":{}}',
    '{"amount":1.5}',
    '{"amount":1e400}',
    '{"amount":-1e400}',
    '{"amount":-0}',
    '{"amount":0}',
    '{"amount":-1}',
    '{"amount":1000000001}',
    '{"amount":9007199254740993}',
    `{"amount":${'9'.repeat(400)}}`,
    '{"amount":1,"__proto__":{"admin":true}}',
    '{"amount":1,"constructor":{"prototype":{}}}',
    '{"amount":1,"toString":1}',
    '{"amount":1,"":1}',
    '{"__proto__":{"amount":1}}',
    `{"amount":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
    `${'{"amount":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  ]) {
    it(`answers 400 validation_failed to ${text.slice(0, 60)}`, async () => {
      expectProblem(await charge(text), 400, 'validation_failed');
      expectProblem(await charge(streamed(text)), 400, 'validation_failed');
    });
  }

  it('takes any spelling of the same whole number', async () => {
    for (const amount of ['1', '1.0', '1e0', '10e-1', '100E-2']) {
      const answer = await charge(`{ "amount" : ${amount} }`);
      expect(answer.body.entry).to.include({ amount: 1 });
    }
  });

  it('takes a body with a byte order mark', async () => {
    const body = '\uFEFF{"amount":1}';
    expect((await charge(body)).status).to.equal(201);
    expect((await charge(streamed(body))).status).to.equal(201);
  });

  it('refuses an empty body', async () => {
    expectProblem(await charge(''), 400, 'validation_failed');
    expectProblem(await charge(null), 400, 'validation_failed');
    expectProblem(await charge(streamed('')), 400, 'validation_failed');
  });

  for (const type of [
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/merge-patch+json',
    'application/problem+json',
    'application/json; charset=latin1',
    'application/json; charset=utf-99',
    'json',
    '*/*',
  ]) {
    it(`answers 415 to a body of type ${type}`, async () => {
      expectProblem(
        await charge('{"amount":1}', { 'content-type': type }),
        415,
        'unsupported_media_type',
      );
    });
  }

  it('answers 415 to a body without a type', async () => {
    const bytes = new TextEncoder().encode('{"amount":1}');
    expectProblem(await charge(bytes, {}), 415, 'unsupported_media_type');
  });

  for (const type of [
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'APPLICATION/JSON',
  ]) {
    it(`takes a body of type ${type}`, async () => {
      expect((await charge('{"amount":1}', { 'content-type': type })).status).to.equal(201);
    });
  }

  it('refuses a body on a route without a body, unless it is an empty object', async () => {
    const { admin } = service();
    const path = '/v1/orders/01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c/cancellations';
    expectProblem(await admin.post(path, {}), 404, 'order_not_found');
    expectProblem(await admin.post(path), 404, 'order_not_found');
    expectProblem(await admin.post(path, { reason: 'late' }), 400, 'validation_failed');
    expectProblem(await admin.post(path, []), 400, 'validation_failed');
    expectProblem(
      await admin.post(path, 'late', { 'content-type': 'text/plain' }),
      415,
      'unsupported_media_type',
    );
  });
});
