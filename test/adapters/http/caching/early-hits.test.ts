import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate as endOfTurn, setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import sinon from 'sinon';
import { v7 } from 'uuid';
import { EarlyHits } from '../../../../src/adapters/http/caching/early-hits.js';
import { CommonHeaders } from '../../../../src/adapters/http/responses/common-headers.js';
import { Rankings } from '../../../../src/application/popularity/rankings.js';
import type { PopularityWindow } from '../../../../src/domain/popularity/popularity.js';
import { CachePort } from '../../../../src/domain/ports/cache-port.js';
import { productKey } from '../../../../src/domain/resource-keys.js';
import { backends, embedded } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { cachingService } from '../support/caching-service.js';
import { samples } from '../support/prometheus-samples.js';
import { exchangeText } from '../support/raw-http.js';
import { runningService } from '../support/running-service.js';

/** Sends the request to the router, and changes nothing else. */
const TO_ROUTER = 'Content-Length: 0\r\n';
const COMMON = 'Host: shop.example\r\nX-Request-Id: same\r\n';
const CLOSE = 'Connection: close\r\n';

/** Fields to which both respond, `TAG` standing for the entity tag. */
const EARLY: Readonly<Record<string, string>> = {
  'no further field': '',
  'the tag in If-None-Match': 'If-None-Match: TAG\r\n',
  'the weak tag in If-None-Match': 'If-None-Match: W/TAG\r\n',
  'the tag in a list': 'If-None-Match: "a", W/"b" ,TAG\r\n',
  'a star in If-None-Match': 'If-None-Match: *\r\n',
  'another tag in If-None-Match': 'If-None-Match: "other"\r\n',
  'a tag without quotes': 'If-None-Match: other\r\n',
  'an empty If-None-Match': 'If-None-Match:\r\n',
  'a condition and no-cache': 'If-None-Match: TAG\r\nCache-Control: no-cache\r\n',
  'no-cache': 'Cache-Control: no-cache\r\nPragma: no-cache\r\n',
  'a range': 'Range: bytes=0-3\r\n',
  'a media type that the service has not': 'Accept: text/html;q=1\r\n',
  'content codings': 'Accept-Encoding: gzip, br\r\n',
  'a token that is not valid': 'Authorization: Bearer garbage\r\n',
  'a client on TLS before a trusted proxy': 'X-Forwarded-Proto: https\r\n',
  'an origin': 'Origin: https://elsewhere.example\r\n',
};

/** Fields of requests that only the router may respond to. */
const LATE: Readonly<Record<string, string>> = {
  'the number of a write': 'Lockstep-At-Least: 0\r\n',
  'a number that no write returned': 'Lockstep-At-Least: 9007199254740991\r\n',
  'a number that is none': 'Lockstep-At-Least: x\r\n',
  'the tag in If-Match': 'If-Match: TAG\r\n',
  'another tag in If-Match': 'If-Match: "other"\r\n',
  'a date': 'If-Modified-Since: Sun, 29 Nov 2099 00:00:00 GMT\r\n',
  'two hosts': 'Host: other.example\r\n',
  'two tokens': 'Authorization: a\r\nAuthorization: b\r\n',
  'an unknown expectation': 'Expect: a-wonder\r\n',
  'a body': 'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
};

/** What is read early, with the template of its route and the cache entries that one response reads. */
const TARGETS = [
  { what: 'product', route: '/v1/products/{id}', entries: 1 },
  { what: 'page', route: '/v1/products', entries: 1 },
  // Computed by each instance, so only the two products are in the cache.
  { what: 'list of popular items of 5m', route: '/v1/products/popular', entries: 2 },
  { what: 'list of popular items of 7d', route: '/v1/products/popular', entries: 3 },
];
type Target = (typeof TARGETS)[number];

for (const backend of backends) {
  describe(`hits before the router on ${backend.name}`, () => {
    // No ranking is computed while the tests run: they publish their own.
    const quiet = { POPULAR_REFRESH_MS: '3600000', POPULAR_DAILY_CRON: '0 0 1 1 *' };
    const service = cachingService(backend, { TRUSTED_PROXIES: '127.0.0.1', ...quiet });
    let respond: sinon.SinonSpy;
    let product: string;
    let page: string;
    let other: string;

    before(async () => {
      const category = `hits-${v7()}`;
      product = `/v1/products/${await addProduct(service().admin, { category })}`;
      await service().admin.patch(product, { name: 'Tasse – 컵' });
      page = `/v1/products?category=${category}`;
      other = await addProduct(service().admin);
      for (const window of ['5m', '7d'] as const) await rank(window, product.slice(-36), other);
    });
    beforeEach(() => {
      respond = sinon.spy(EarlyHits.prototype, 'respond');
    });
    afterEach(() => sinon.restore());

    function rank(window: PopularityWindow, ...productIds: string[]): Promise<void> {
      const sold = productIds.map((productId) => ({ productId, units: 1 }));
      const rankings = service().service.container.get(Rankings);
      return rankings.publish({ window, computedAt: new Date(), sold });
    }

    function pathTo({ what }: Target): string {
      if (what === 'product') return product;
      return what === 'page' ? page : `/v1/products/popular?window=${what.slice(-2)}`;
    }

    /** All bytes of the response but the date, and whether it came before the router. */
    async function send(method: string, path: string, fields: string, http = 'HTTP/1.1') {
      const end = fields.includes('\r\n\r\n') ? '' : '\r\n';
      const text = await exchangeText(
        service().service.url,
        `${method} ${path} ${http}\r\n${COMMON}${CLOSE}${fields}${end}`,
      );
      return {
        bytes: text.replace(/^Date: .*\r$/m, 'Date: now\r'),
        isEarly: respond.lastCall.returnValue as boolean,
      };
    }

    /**
     * All bytes of three responses on one connection. The first may be the one whose head is kept, and the
     * second the one that is sent with it.
     */
    async function sendThrice(method: string, path: string, fields: string) {
      const request = (id: string, more: string) =>
        `${method} ${path} HTTP/1.1\r\n${COMMON.replace('same', id)}${more}${fields}\r\n`;
      const requests = `${request('first', '')}${request('second', '')}${request('third', CLOSE)}`;
      const text = await exchangeText(service().service.url, requests);
      return text.replaceAll(/^Date: .*\r$/gm, 'Date: now\r');
    }

    /** Reads until the memory of the process has the text, and the URL is known. Returns the tag. */
    async function warm(path: string): Promise<string> {
      for (let i = 0; i < 3; i += 1) await send('GET', path, '');
      const { bytes } = await send('GET', path, '');
      return /^ETag: (.*)\r$/m.exec(bytes)?.[1] ?? '';
    }

    for (const target of TARGETS) {
      const { what, route, entries } = target;
      const path = () => pathTo(target);

      for (const [name, fields] of Object.entries(EARLY)) {
        it(`have the bytes of the router for a ${what} and ${name}`, async () => {
          const own = fields.replace('TAG', await warm(path()));
          for (const method of ['GET', 'HEAD']) {
            const early = await send(method, path(), own);
            const late = await send(method, path(), own + TO_ROUTER);
            expect(early.bytes).to.match(/^HTTP\/1\.1 (200|304) /);
            expect(early.bytes).to.include(
              route === '/v1/products/popular'
                ? 'Cache-Control: no-store\r\n'
                : 'Cache-Status: lockstep-l1; hit\r\n',
            );
            expect(early.bytes).to.equal(late.bytes);
            expect([early.isEarly, late.isEarly]).to.deep.equal([true, false]);
            const [open, openLate] = await Promise.all(
              [own, own + TO_ROUTER].map((each) => sendThrice(method, path(), each)),
            );
            expect(open).to.match(/(?:Keep-Alive: timeout=.*){2}Connection: close/s);
            expect(open).to.equal(openLate);
          }
        });
      }

      for (const [name, fields] of Object.entries(LATE)) {
        it(`leave a ${what} with ${name} to the router`, async () => {
          const tag = await warm(path());
          expect((await send('GET', path(), fields.replace('TAG', tag))).isEarly).to.equal(false);
        });
      }

      it(`leave other methods on the URL of a ${what} to the router`, async () => {
        await warm(path());
        for (const method of ['POST', 'DELETE', 'OPTIONS', 'PROPFIND']) {
          expect((await send(method, path(), '')).isEarly, method).to.equal(false);
        }
      });

      it(`respond to a ${what} in HTTP/1.0 and on a connection that the client keeps open`, async () => {
        await warm(path());
        const old = await send('GET', path(), '', 'HTTP/1.0');
        expect(old.bytes).to.equal((await send('GET', path(), TO_ROUTER, 'HTTP/1.0')).bytes);
        expect(await sendThrice('GET', path(), 'Connection: keep-alive\r\n')).to.equal(
          await sendThrice('GET', path(), `Connection: keep-alive\r\n${TO_ROUTER}`),
        );
      });

      it(`count a ${what} like the router`, async () => {
        await warm(path());
        const counts = async () => {
          const { body } = await service().anyone.get('/metrics');
          const count = (name: string, ...labels: string[]) =>
            samples(body)
              .filter((each) => each.name === name && labels.every((l) => each.labels.includes(l)))
              .reduce((sum, { value }) => sum + value, 0);
          const requests = 'http_server_request_duration_seconds_count';
          return {
            requests: count(requests, 'method="GET"', `route="${route}"`, 'status_code="200"'),
            hits: count('cache_reads_total', 'source="l1"'),
          };
        };
        const before = await counts();
        expect((await send('GET', path(), '')).isEarly).to.equal(true);
        const after = await counts();
        await send('GET', path(), TO_ROUTER);
        const end = await counts();
        expect(after).to.deep.equal({ requests: before.requests + 1, hits: before.hits + entries });
        expect(end).to.deep.equal({ requests: after.requests + 1, hits: after.hits + entries });
      });
    }

    it('leave a product to the router while it is written, and respond with the new one', async () => {
      await warm(product);
      const cache = service().service.container.get(CachePort);
      const intent = await cache.beginWrite([productKey(product.slice(-36))]);
      for (const path of [product, page]) {
        expect((await send('GET', path, '')).isEarly, path).to.equal(false);
      }
      await intent.end();
      const { body } = await service().admin.patch(product, { price: 77 });
      await warm(product);
      const { bytes, isEarly } = await send('GET', product, '');
      expect(isEarly).to.equal(true);
      expect(JSON.parse(bytes.slice(bytes.indexOf('\r\n\r\n')))).to.deep.equal(body);
    });

    for (const target of TARGETS.filter(({ route }) => route === '/v1/products/popular')) {
      const window = target.what.slice(-2) as PopularityWindow;
      const itemsOf = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n'))).items;

      it(`respond to a ${target.what} with the new product after a change`, async () => {
        const path = pathTo(target);
        await warm(path);
        const { body } = await service().admin.patch(`/v1/products/${other}`, { price: 79 });
        expect((await send('GET', path, '')).isEarly).to.equal(false);
        await warm(path);
        const { bytes, isEarly } = await send('GET', path, '');
        expect(isEarly).to.equal(true);
        expect(itemsOf(bytes)[1].product).to.deep.equal(body);
      });

      it(`respond to a ${target.what} with the new ranking after a publication`, async () => {
        const path = pathTo(target);
        await warm(path);
        await rank(window, other, product.slice(-36));
        expect((await send('GET', path, '')).isEarly).to.equal(false);
        await warm(path);
        const { bytes, isEarly } = await send('GET', path, '');
        expect(isEarly).to.equal(true);
        expect(itemsOf(bytes)[0].product.id).to.equal(other);
      });

      it(`leave a ${target.what} to the router while a product in it is written`, async () => {
        const path = pathTo(target);
        await warm(path);
        const intent = await service()
          .service.container.get(CachePort)
          .beginWrite([productKey(other)]);
        expect((await send('GET', path, '')).isEarly).to.equal(false);
        await intent.end();
      });
    }

    it('leave an absent product to the router, also when its absence is cached', async () => {
      const absent = `/v1/products/${v7()}`;
      for (let i = 0; i < 4; i += 1) {
        const { bytes, isEarly } = await send('GET', absent, '');
        expect(bytes).to.match(/^HTTP\/1\.1 404 /);
        expect(isEarly).to.equal(false);
      }
    });

    it('have the time of the response in Date, also when their head is kept', async () => {
      await warm(product);
      const dates: (string | null)[] = [];
      for (let i = 0; i < 2; i += 1) {
        // fetch keeps the connection open.
        const { headers } = await fetch(`${service().service.url}${product}`);
        dates.push(headers.get('date'));
        await pause(1_100);
      }
      expect(new Set(dates)).to.have.lengthOf(2);
      for (const date of dates) expect(Date.parse(String(date))).to.be.closeTo(Date.now(), 10_000);
    });

    it('know no URL that the router refused', async () => {
      await warm(product);
      for (const path of [`${product}?x=1`, `${product}/`, `${page}&limit=0`]) {
        await send('GET', path, '');
        expect((await send('GET', path, '')).isEarly, path).to.equal(false);
      }
    });
  });
}

describe('hits before the router without a cache', () => {
  const service = runningService(embedded, { CACHE_MODE: 'off' });

  it('do not happen', async () => {
    const path = `/v1/products/${await addProduct(service().admin)}`;
    const respond = sinon.spy(EarlyHits.prototype, 'respond');
    try {
      for (let i = 0; i < 4; i += 1) await service().anyone.get(path);
      expect(respond.returnValues).to.deep.equal([false, false, false, false]);
    } finally {
      sinon.restore();
    }
  });
});

describe('hits of one turn of the event loop', () => {
  it('are ended together, at most 64 of them, and the rest at the end of the turn', async () => {
    const hits = new EarlyHits(new CommonHeaders('instance-1', () => false));
    const cached = { text: '{}', source: 'l1' } as const;
    hits.remember('/one', { route: '/{id}', headers: [], tag: () => '"1"', read: () => cached });
    const begin = () => {
      const req = Object.assign(new IncomingMessage(new Socket()), { id: 'same', url: '/one' });
      Object.assign(req, { method: 'GET', httpVersion: '1.1', headers: { host: 'x' } });
      const res = new ServerResponse(req);
      expect(hits.respond(req, res)).to.equal(true);
      return res;
    };
    const ended = (responses: readonly ServerResponse[]) =>
      responses.filter(({ writableEnded }) => writableEnded).length;
    const responses = Array.from({ length: 100 }, begin);
    expect(ended(responses)).to.equal(64);
    await endOfTurn();
    expect(ended(responses)).to.equal(100);
    const later = begin();
    expect(later.headersSent).to.equal(true);
    expect(ended([later])).to.equal(0);
    await endOfTurn();
    expect(ended([later])).to.equal(1);
  });
});
