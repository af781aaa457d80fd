import { expect } from 'chai';
import { embedded } from '../../../support/backends.js';
import { GET, MALFORMED, POST } from '../support/malformed-http.js';
import { expectProblemForm } from '../support/problem.js';
import { exchange, send } from '../support/raw-http.js';
import { runningService } from '../support/running-service.js';

describe('malformed and unusual HTTP requests', () => {
  const service = runningService(embedded);

  for (const [what, bytes] of Object.entries(MALFORMED)) {
    it(`answers ${what} with a problem, and continues`, async () => {
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

  it('refuses an unknown expectation with a problem, or ignores it', async () => {
    const answer = await exchange(service().service.url, `${GET}Expect: miracles\r\n\r\n`);
    if (answer.status !== 200) expectProblemForm(answer);
  });

  it('never answers a request with the problem of a later request', async () => {
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

  it('survives clients that disconnect in the middle of a request', async () => {
    const { url } = service().service;
    const half = `${POST}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"sku":`;
    for (const bytes of ['GET /v1', GET, half]) (await send(url, bytes)).destroy();
    for (const bytes of ['GET /v1', GET, half]) (await send(url, bytes)).resetAndDestroy();
    expect((await service().anyone.get('/healthz')).status).to.equal(200);
  });
});
