import { expect } from 'chai';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import sinon from 'sinon';
import { InProcessCache } from '../../../../src/adapters/cache/in-process-cache.js';
import { cacheResponses } from '../../../../src/adapters/http/caching/cache-responses.js';
import { failWaiters } from '../../../../src/adapters/http/caching/handler-run.js';
import { problemOf } from '../../../../src/adapters/http/responses/problem-of.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { ApiClient } from '../../../support/api-client.js';
import { HIT, STORED } from '../support/cache-headers.js';
import { type ServedApp, serveApp } from '../support/express-app.js';
import { Gate } from '../support/gate.js';

const sendError: ErrorRequestHandler = (error, _req, res, _next) => {
  const { code, message } = problemOf(error);
  res.status(code === 'validation_failed' ? 400 : 500).json({ code, message });
};

describe('the middleware that caches responses, on any Express application', () => {
  let cache: InProcessCache;
  let app: Express;
  let served: ServedApp;
  let client: ApiClient;
  let reads: sinon.SinonSpy;

  beforeEach(async () => {
    cache = new InProcessCache({ maxStalenessMs: 60_000 });
    reads = sinon.spy(cache, 'read');
    app = express();
    served = await serveApp(app);
    client = served.client;
  });

  afterEach(() => served[Symbol.asyncDispose]());

  /** Serves `/page` by this handler, and counts how often it runs. */
  function servePage(handler: RequestHandler, ...behind: ErrorRequestHandler[]): sinon.SinonSpy {
    const spy = sinon.spy(handler);
    const caching = cacheResponses({ cache, resources: resourcesOf });
    app.all('/page', caching, spy as RequestHandler, ...behind);
    app.use(sendError);
    return spy;
  }

  function resourcesOf(body: object): string[] {
    return (body as { shows?: string[] }).shows ?? ['things'];
  }

  async function invalidate(...resources: string[]): Promise<void> {
    await (await cache.beginWrite(resources)).end();
  }

  async function waiting(count: number): Promise<void> {
    await eventually(() => expect(reads.callCount).to.be.at.least(count));
  }

  it('answers the second request without the handler, byte for byte as the first', async () => {
    const handler = servePage((_req, res) => void res.json({ name: 'Tasse – 컵', n: 1 }));
    const first = await client.get('/page');
    const second = await client.get('/page');
    expect(handler.callCount).to.equal(1);
    expect(first.headers.get('cache-status')).to.equal(STORED);
    expect(second.headers.get('cache-status')).to.match(HIT);
    expect(second.body).to.deep.equal({ name: 'Tasse – 컵', n: 1 }).and.deep.equal(first.body);
    for (const name of ['content-type', 'content-length', 'etag', 'cache-control']) {
      expect(second.headers.get(name), name).to.equal(first.headers.get(name));
    }
    expect(second.headers.get('content-type')).to.equal('application/json; charset=utf-8');
    expect(second.headers.get('cache-control')).to.equal('public, no-cache');
  });

  it('treats the same parameters in another order as the same request', async () => {
    const handler = servePage((req, res) => void res.json(req.query));
    await client.get('/page?b=2&a=1');
    expect((await client.get('/page?a=1&b=2')).body).to.deep.equal({ a: '1', b: '2' });
    expect(handler.callCount).to.equal(1);
  });

  it('never treats a different request as the same', async () => {
    servePage((req, res) => void res.json({ asked: req.originalUrl }));
    const questions = [
      '',
      '?a=1',
      '?a=2',
      '?b=1',
      '?a=1&a=2',
      '?a=2&a=1',
      '?a=1,2',
      '?a=["1","2"]',
    ];
    for (const question of questions) {
      const { body } = await client.get(`/page${question}`);
      expect(decodeURIComponent(body.asked), question).to.equal(`/page${question}`);
    }
  });

  it('distinguishes equal paths under different mount points', async () => {
    const router = express.Router();
    router.get('/x', cacheResponses({ cache, resources: resourcesOf }), (req, res) => {
      res.json({ at: req.baseUrl });
    });
    app.use('/one', router);
    app.use('/two', router);
    expect((await client.get('/one/x')).body).to.deep.equal({ at: '/one' });
    expect((await client.get('/two/x')).body).to.deep.equal({ at: '/two' });
  });

  it('keeps a body that res.send converts to JSON', async () => {
    const handler = servePage((_req, res) => void res.send({ by: 'send' }));
    for (let i = 0; i < 2; i++) {
      expect((await client.get('/page')).body).to.deep.equal({ by: 'send' });
    }
    expect(handler.callCount).to.equal(1);
  });

  it('drops an answer when any resource in it changes, and no other answer', async () => {
    const handler = servePage((req, res) => void res.json({ shows: [req.query['of'], 'all'] }));
    await client.get('/page?of=a');
    await client.get('/page?of=b');
    await invalidate('a');
    await client.get('/page?of=b');
    expect(handler.callCount).to.equal(2);
    await client.get('/page?of=a');
    expect(handler.callCount).to.equal(3);
    await invalidate('all');
    await client.get('/page?of=a');
    await client.get('/page?of=b');
    expect(handler.callCount).to.equal(5);
  });

  it('answers HEAD from the same entry as GET, and fills it', async () => {
    const handler = servePage((_req, res) => void res.json({ long: 'x'.repeat(2_000) }));
    const head = await client.send('HEAD', '/page');
    const get = await client.get('/page');
    const again = await client.send('HEAD', '/page');
    expect(handler.callCount).to.equal(1);
    for (const answer of [head, again]) {
      expect(answer.status).to.equal(200);
      expect(answer.body).to.equal('');
      for (const name of ['etag', 'content-length', 'content-type']) {
        expect(answer.headers.get(name), name).to.equal(get.headers.get(name));
      }
    }
    expect(get.body.long).to.have.length(2_000);
  });

  it('responds with 304 to a client that has the representation, on a miss and on a hit', async () => {
    let value = 1;
    servePage((_req, res) => void res.json({ value }));
    const first = await client.get('/page');
    const tag = first.headers.get('etag') ?? '';
    expect(tag).to.match(/^"[\w-]{43}"$/);
    await invalidate('things');
    for (const status of [/fwd=miss/, HIT]) {
      const answer = await client.get('/page', { 'If-None-Match': tag });
      expect({ status: answer.status, body: answer.body }).to.deep.equal({ status: 304, body: '' });
      expect(answer.headers.get('etag')).to.equal(tag);
      expect(answer.headers.get('cache-status')).to.match(status);
      expect(answer.headers.get('cache-control')).to.equal('public, no-cache');
    }
    value = 2;
    await invalidate('things');
    const changed = await client.get('/page', { 'If-None-Match': tag });
    expect(changed.body).to.deep.equal({ value: 2 });
    expect(changed.headers.get('etag')).to.not.equal(tag);
  });

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    it(`leaves ${method} alone`, async () => {
      const handler = servePage((_req, res) => void res.json({}));
      for (let i = 0; i < 2; i++) {
        expect((await client.send(method, '/page')).headers.get('cache-status')).to.equal(null);
      }
      expect(handler.callCount).to.equal(2);
      expect(reads.callCount).to.equal(0);
    });
  }

  const others: Record<string, RequestHandler> = {
    'another status': (_req, res) => void res.status(404).json({ n: 1 }),
    'a problem': (_req, res) => void res.type('application/problem+json').send('{"n":1}'),
    'plain text': (_req, res) => void res.send('1'),
    bytes: (_req, res) => void res.type('json').send(Buffer.from('{"n":1}')),
    'no body': (_req, res) => void res.end(),
    'a stream': (_req, res) => {
      res.type('json').write('{"n":');
      res.end('1}');
    },
  };
  for (const [what, handler] of Object.entries(others)) {
    it(`neither caches, changes nor shares ${what}`, async () => {
      const gate = new Gate();
      const spy = servePage(async (req, res, next) => {
        await gate.pass();
        await handler(req, res, next);
      });
      app.get('/plain', handler);
      const asked = [1, 2, 3].map(() => client.get('/page'));
      await waiting(3);
      gate.open();
      const plain = await client.get('/plain');
      for (const answer of [...(await Promise.all(asked)), await client.get('/page')]) {
        expect(answer.status).to.equal(plain.status);
        expect(answer.body).to.deep.equal(plain.body);
        expect(answer.headers.get('content-type')).to.equal(plain.headers.get('content-type'));
        expect(answer.headers.get('cache-status')).to.equal(null);
      }
      expect(spy.callCount).to.equal(4);
    });
  }

  it('handles one of a hundred requests and gives the others its text', async () => {
    const gate = new Gate();
    const handler = servePage(async (_req, res) => {
      await gate.pass();
      res.json({ n: handler.callCount });
    });
    const asked = Array.from({ length: 100 }, () => client.get('/page'));
    await waiting(100);
    gate.open();
    for (const { body } of await Promise.all(asked)) expect(body).to.deep.equal({ n: 1 });
    expect(handler.callCount).to.equal(1);
  });

  it('fails all waiting requests with one error, and caches none', async () => {
    const gate = new Gate();
    const handler = servePage(async (_req, res) => {
      await gate.pass();
      if (handler.callCount === 1) throw new Error('broken');
      res.json({ fine: true });
    }, failWaiters);
    const asked = [1, 2, 3, 4, 5].map(() => client.get('/page'));
    await waiting(5);
    gate.open();
    for (const { status } of await Promise.all(asked)) expect(status).to.equal(500);
    expect(handler.callCount).to.equal(1);
    const after = await client.get('/page');
    expect(after.body).to.deep.equal({ fine: true });
    expect(after.headers.get('cache-status')).to.equal(STORED);
  });

  it('lets each waiting request run the handler when there is no error handler', async () => {
    const gate = new Gate();
    const handler = servePage(async () => {
      await gate.pass();
      throw new Error('broken');
    });
    const asked = [1, 2, 3].map(() => client.get('/page'));
    await waiting(3);
    gate.open();
    for (const { status } of await Promise.all(asked)) expect(status).to.equal(500);
    expect(handler.callCount).to.equal(3);
  });

  it('handles a waiting request when the client of the handled request disconnects', async () => {
    const gate = new Gate();
    const handler = servePage(async (_req, res) => {
      const turn = handler.callCount;
      // The first is never answered, as by a handler that stops when its client is gone.
      if (turn === 1) return;
      await gate.pass();
      res.json({ turn });
    });
    const leaving = new AbortController();
    const gone = fetch(`${client.url}/page`, { signal: leaving.signal }).catch(() => 'gone');
    await waiting(1);
    const asked = [1, 2, 3].map(() => client.get('/page'));
    await waiting(4);
    leaving.abort();
    await eventually(() => expect(handler.callCount).to.equal(2));
    gate.open();
    for (const { body } of await Promise.all(asked)) expect(body).to.deep.equal({ turn: 2 });
    expect(await gone).to.equal('gone');
    expect(handler.callCount).to.equal(2);
  });

  /** Somebody leaves while the cache has not asked for the answer yet; the `companions` wait on. */
  async function leaveEarly(companions: number): Promise<sinon.SinonSpy> {
    const [gate, left] = [new Gate(), new Gate()];
    app.use((req, res, next) => {
      if (req.get('x-leaves')) res.once('close', () => left.open());
      next();
    });
    // Answers nobody, as a handler may whose client is gone.
    const handler = servePage((req, res) => {
      if (req.get('x-leaves') === undefined) res.json({});
    });
    const read = cache.read.bind(cache);
    reads.restore();
    reads = sinon.stub(cache, 'read').callsFake((entry, load) => {
      if (reads.callCount > 9) throw new Error('read again and again');
      return read(entry, async () => {
        await gate.pass();
        return load(entry);
      });
    });
    const leaving = new AbortController();
    const init = { signal: leaving.signal, headers: { 'x-leaves': 'yes' } };
    const gone = fetch(`${client.url}/page`, init).catch(() => 'gone');
    await waiting(1);
    const staying = Array.from({ length: companions }, () => client.get('/page'));
    await waiting(companions + 1);
    leaving.abort();
    expect(await gone).to.equal('gone');
    await left.pass();
    gate.open();
    for (const { status } of await Promise.all(staying)) expect(status).to.equal(200);
    return handler;
  }

  it('does not handle a request whose client disconnected while the cache was read', async () => {
    const handler = await leaveEarly(1);
    expect(handler.callCount).to.equal(1);
  });

  it('does not read the cache again for a client that disconnected', async () => {
    const handler = await leaveEarly(0);
    expect((await client.get('/elsewhere')).status).to.equal(404);
    expect(handler.callCount).to.equal(0);
    expect(reads.callCount).to.equal(1);
  });

  it('passes on the number that an answer must reflect, and refuses an invalid number', async () => {
    servePage((_req, res) => void res.json({}));
    await client.get('/page', { 'Lockstep-At-Least': '17' });
    expect(reads.lastCall.args[0].atLeast).to.equal(17);
    const bad = await client.get('/page', { 'Lockstep-At-Least': '-1' });
    expect({ status: bad.status, code: bad.body.code }).to.deep.equal({
      status: 400,
      code: 'validation_failed',
    });
  });

  it('answers an error, and does not hang, when the resources cannot be named', async () => {
    app.get(
      '/unnamed',
      cacheResponses({
        cache,
        resources: () => {
          throw new Error('unnamed');
        },
      }),
      (_req, res) => void res.json({}),
    );
    app.use(sendError);
    for (let i = 0; i < 2; i++) expect((await client.get('/unnamed')).status).to.equal(500);
  });

  it('handles a request once, even for a cache that asks again', async () => {
    const handler = servePage((_req, res) => void res.json({}));
    reads.restore();
    sinon.stub(cache, 'read').callsFake(async (entry, load) => {
      await load(entry);
      return { text: (await load(entry))?.text, source: 'miss' };
    });
    const answer = await client.get('/page');
    expect({ status: answer.status, message: answer.body.message }).to.deep.equal({
      status: 500,
      message: problemOf(new Error('any')).message,
    });
    expect(handler.callCount).to.equal(1);
  });

  it('answers an error, and does not hang, when the cache loses what was loaded', async () => {
    const handler = servePage((_req, res) => void res.json({}));
    reads.restore();
    sinon.stub(cache, 'read').callsFake(async (entry, load) => {
      await load(entry);
      throw new Error('lost');
    });
    expect((await client.get('/page')).status).to.equal(500);
    expect(handler.callCount).to.equal(1);
  });
});
