import { expect } from 'chai';
import { pino } from 'pino';
import { InProcessCache } from '../../../../src/adapters/cache/in-process-cache.js';
import { createApp } from '../../../../src/adapters/http/app.js';
import { TokenVerifier } from '../../../../src/adapters/http/auth/token-verifier.js';
import { HttpServer } from '../../../../src/adapters/http/http-server.js';
import { createRegistry } from '../../../../src/adapters/http/operations/http-metrics.js';
import { pathOf } from '../../../../src/adapters/http/operations/request-log.js';

describe('the log of requests', () => {
  it('names the request and its outcome, and never a token', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    const app = createApp({
      routes: [],
      tokens: new TokenVerifier({ key: new Uint8Array(32), algorithms: ['HS256'] }),
      cache: new InProcessCache(),
      operations: {
        checks: [],
        metrics: createRegistry('i'),
        isStopping: () => false,
        eventSchema: {},
      },
      logger,
      instance: 'i',
      version: '1',
    });
    const server = new HttpServer(app);
    const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
    const headers = { authorization: 'Bearer secret-token', cookie: 'secret-cookie' };
    await fetch(`http://127.0.0.1:${port}/healthz?access_token=secret-query`, { headers });
    for (const path of ['/nowhere?token=secret', '/a%3Ftoken=secret', '/b;token=secret']) {
      await fetch(`http://127.0.0.1:${port}${path}`);
    }
    await server.close(1000);
    expect(lines.join('')).to.include('"url":"/healthz"').and.include('"statusCode":200');
    expect(lines.join('')).to.include('"url":"/nowhere"').and.include('"url":"/a"');
    expect(lines.join('')).not.to.include('secret');
    const { level, msg, req, res, responseTime } = JSON.parse(lines[0] ?? '');
    expect({ level, msg, res }).to.deep.equal({
      level: 30,
      msg: 'request completed',
      res: { statusCode: 200 },
    });
    expect(req).to.have.all.keys('id', 'method', 'url').and.include({ method: 'GET' });
    expect(responseTime).to.be.a('number');
  });

  it('does not contain a user and host before the path', () => {
    expect(pathOf('http://user:secret@shop.example/v1/orders?x=1')).to.equal('/v1/orders');
    expect(pathOf('/v1/products/popular?window=1d#x')).to.equal('/v1/products/popular');
    expect(pathOf('*')).to.equal('*');
  });
});
