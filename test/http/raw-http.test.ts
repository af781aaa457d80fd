import { expect } from 'chai';
import { embedded } from '../support/backends.js';
import { expectProblemForm } from './support/problem.js';
import { exchange, send } from './support/raw-http.js';
import { runningService } from './support/running-service.js';

const GET = 'GET /v1/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';
const POST = 'POST /v1/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';

const UNREADABLE: Readonly<Record<string, string | Buffer>> = {
  'no HTTP at all': 'hello\r\n\r\n',
  'random bytes': Buffer.from([0, 1, 2, 3, 255, 254, 13, 10, 13, 10]),
  'a TLS greeting': Buffer.from('16030100a5010000a1030352', 'hex'),
  'an unknown method': 'FROB /v1/products HTTP/1.1\r\nHost: x\r\n\r\n',
  'an unknown version': 'GET /v1/products HTTP/9.9\r\nHost: x\r\n\r\n',
  'a path with a blank': 'GET /v1/pro ducts HTTP/1.1\r\nHost: x\r\n\r\n',
  'a header without a name': `${GET}: value\r\n\r\n`,
  'a header that is folded': `${GET}X-A: 1\r\n  2\r\n\r\n`,
  'a header with a NUL': `${GET}X-A: a\0b\r\n\r\n`,
  'headers of 20 KB': `${GET}X-A: ${'a'.repeat(20_000)}\r\n\r\n`,
  'a path of 20 KB': `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  'a length that is no number': `${POST}Content-Length: abc\r\n\r\n`,
  'a negative length': `${POST}Content-Length: -1\r\n\r\n`,
  'two lengths': `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
  'a length beside chunks': `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'an unknown transfer coding': `${POST}Transfer-Encoding: secret\r\n\r\n0\r\n\r\n`,
  'a chunk without a size': `${POST}Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n{}\r\n`,
  'no host': 'GET /v1/products HTTP/1.1\r\nConnection: close\r\n\r\n',
};

describe('requests that are hardly HTTP', () => {
  const service = runningService(embedded);

  for (const [what, bytes] of Object.entries(UNREADABLE)) {
    it(`answers ${what} with a problem, and goes on`, async () => {
      const { url } = service().service;
      const answer = await exchange(url, bytes);
      expect(answer.status, what).to.be.within(400, 499);
      expectProblemForm(answer);
      expect((await service().anyone.get('/healthz')).status).to.equal(200);
    });
  }

  it('takes a target in absolute form', async () => {
    const answer = await exchange(
      service().service.url,
      'GET http://elsewhere/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    );
    expect(answer.status).to.be.oneOf([200, 404]);
  });

  it('refuses an expectation nobody knows with a problem, or ignores it', async () => {
    const answer = await exchange(service().service.url, `${GET}Expect: miracles\r\n\r\n`);
    if (answer.status !== 200) expectProblemForm(answer);
  });

  it('never answers a request with the problem of what came behind it', async () => {
    const answer = await exchange(
      service().service.url,
      'GET /v1/products HTTP/1.1\r\nHost: x\r\n\r\nhello\r\n\r\n',
    );
    expect(answer.status).to.be.oneOf([0, 200]);
  });

  it('answers HTTP/1.0', async () => {
    const answer = await exchange(service().service.url, 'GET /healthz HTTP/1.0\r\n\r\n');
    expect(answer.status).to.equal(200);
  });

  it('ignores an offer to upgrade', async () => {
    const answer = await exchange(
      service().service.url,
      'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(answer.status).to.equal(200);
  });

  it('outlives clients that leave in the middle of a request', async () => {
    const { url } = service().service;
    const half = `${POST}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"sku":`;
    for (const bytes of ['GET /v1', GET, half]) (await send(url, bytes)).destroy();
    for (const bytes of ['GET /v1', GET, half]) (await send(url, bytes)).resetAndDestroy();
    expect((await service().anyone.get('/healthz')).status).to.equal(200);
  });
});
