import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Role } from '../../../../src/adapters/http/auth/caller.js';
import type { SaleResult } from '../../../../src/adapters/http/lab/shop/shop-schemas.js';
import { type Service, startService } from '../../../../src/config/service.js';
import { readSettings } from '../../../../src/config/settings/settings.js';
import { signToken } from '../../../../src/config/settings/tokens/sign-token.js';
import { runFlashSale } from '../../../../src/experiments/lab/shop/flash-sale.js';
import { SaleProduct } from '../../../../src/experiments/lab/shop/sale-product.js';
import { TemporaryFolder } from '../../../../tools/servers/temporary-folder.js';
import { TEST_LOG_LEVEL } from '../../../support/log-level.js';
import { rejection } from '../../../support/rejection.js';

const BUYERS = 60;
const UNITS = 25;

interface SentEvent {
  readonly name: string;
  readonly data: Record<string, unknown>;
}

describe('The shop of the lab', function () {
  this.timeout(20_000);
  const resources = new AsyncDisposableStack();
  let folder: string;
  let service: Service;
  let admin: Record<string, string>;

  const settings = (extra: Record<string, string> = {}) =>
    readSettings({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: TEST_LOG_LEVEL, ...extra });

  const sign = (user: string, role: Role) => signToken(settings(), user, role);

  before(async () => {
    folder = resources.use(new TemporaryFolder('lab-shop')).path;
    service = await startService(settings());
    resources.defer(() => service.stop());
    admin = { Authorization: `Bearer ${await sign('admin', 'admin')}` };
  });

  after(() => resources.disposeAsync());

  const send = (target: string, init: RequestInit = {}, to = service) =>
    fetch(new URL(target, to.url), {
      ...init,
      headers: { 'Content-Type': 'application/json', ...init.headers },
    });

  const post = (target: string, body: object, headers: Record<string, string> = admin) =>
    send(target, { method: 'POST', body: JSON.stringify(body), headers });

  const read = async (target: string, headers = admin) =>
    (await (await send(target, { headers })).json()) as Record<string, unknown>;

  async function sell(body: object): Promise<SentEvent[]> {
    const text = await (await post('/lab/shop/sales', body)).text();
    return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, name = '', data = '']) => ({
      name,
      data: JSON.parse(data),
    }));
  }

  it('signs tokens for a customer, which are valid for fifteen minutes', async () => {
    const response = await post('/lab/shop/customer', {});
    expect(response.headers.get('cache-control')).to.equal('no-store');
    const { userId, token, lifeMs } = (await response.json()) as Record<string, string>;
    const headers = { Authorization: `Bearer ${token}` };
    expect(await read('/v1/wallets/me', headers)).to.include({ userId, balance: 0 });
    expect((await post('/v1/products', {}, headers)).status).to.equal(403);
    expect((await post('/lab/shop/customer', {}, headers)).status).to.equal(403);
    const { iat, exp } = JSON.parse(atob(`${token}`.split('.')[1] ?? ''));
    expect([exp - iat, lifeMs]).to.deep.equal([15 * 60, 15 * 60 * 1_000]);
  });

  it('refuses callers who are no administrator', async () => {
    const customer = { Authorization: `Bearer ${await sign('alice', 'customer')}` };
    for (const target of ['/lab/shop/customer', '/lab/shop/sales']) {
      expect((await post(target, {}, {})).status, target).to.equal(401);
      expect((await post(target, {}, customer)).status, target).to.equal(403);
      expect((await send(target, { headers: admin })).status, target).to.equal(405);
    }
  });

  it('refuses a sale that is too large, or with more units than buyers', async () => {
    for (const body of [
      { buyers: 1_001 },
      { buyers: 1, units: 1 },
      { buyers: 10, units: 0 },
      { buyers: 10, units: 11 },
      { buyers: 10, units: 5, price: 1 },
    ]) {
      const response = await post('/lab/shop/sales', body);
      expect(response.status, JSON.stringify(body)).to.equal(400);
    }
  });

  it('sells the units of a product, and reports each step and the proof', async () => {
    const sent = await sell({ buyers: BUYERS, units: UNITS });
    const names = sent.map(({ name }) => name);
    expect(names.slice(0, 3)).to.deep.equal(['queued', 'started', 'prepared']);
    expect(names.slice(-3)).to.deep.equal(['counted', 'checking', 'finished']);
    const result = sent.at(-1)?.data as unknown as SaleResult;
    expect(result).to.include({ buyers: BUYERS, units: UNITS, sold: UNITS, unitsLeft: 0 });
    expect(result).to.include({ refused: BUYERS - UNITS, oversold: 0, wrongWallets: 0 });
    expect(Object.values(result.instances)).to.deep.equal([BUYERS]);
    expect(result.samples.at(-1)).to.include({ sold: UNITS, refused: BUYERS - UNITS });

    const { id, sku } = result.product;
    expect(await read(`/v1/products/${id}`)).to.include({ sku, category: 'lab' });
    expect(await read(`/v1/products/${id}/stock`)).to.include({ available: 0 });
    const wallets = await Promise.all(
      Array.from({ length: BUYERS }, (_, i) => read(`/v1/wallets/lab-sale-1-${i + 1}`)),
    );
    const left = wallets.reduce((sum, { balance }) => sum + Number(balance), 0);
    expect(left).to.equal(1_000 * (BUYERS - UNITS));
  });

  it('uses the product and the wallets of the sale before', async () => {
    const results = [];
    for (const units of [9, 4]) results.push((await sell({ buyers: 12, units })).at(-1)?.data);
    for (const [i, units] of [9, 4].entries()) {
      expect(results[i]).to.include({ sold: units, unitsLeft: 0, wrongWallets: 0 });
      expect(results[i]?.['product']).to.include({ sku: 'LAB-SALE-1' });
    }
    const { items } = (await read('/v1/products?category=lab')) as { items?: object[] };
    expect(items).to.have.length(1);
  });

  it('gives sales at the same time different products, and a product back after its release', async () => {
    const sale = { url: () => service.url, token: sign };
    await (await SaleProduct.claim(sale, 1)).release();
    const [first, second] = await Promise.all([
      SaleProduct.claim(sale, 3),
      SaleProduct.claim(sale, 3),
    ]);
    expect([first.sku, second.sku].toSorted()).to.deep.equal(['LAB-SALE-1', 'LAB-SALE-2']);
    expect([await first.unitsLeft(), await second.unitsLeft()]).to.deep.equal([3, 3]);
    await Promise.all([first.release(), second.release()]);
    // It has more units than this sale may sell, so both stay as they are.
    const smaller = await SaleProduct.claim(sale, 2);
    expect(smaller.sku).to.equal('LAB-SALE-3');
    const again = await SaleProduct.claim(sale, 5);
    expect([again.sku, await again.unitsLeft()]).to.deep.equal(['LAB-SALE-1', 5]);
    await Promise.all([smaller.release(), again.release()]);
  });

  it('lets a sale wait for the runs before it', async () => {
    const experiment = { experiment: 'right-order', settings: { requests: 2, holdMs: 10 } };
    const [, sale] = await Promise.all([
      post('/lab/runs', experiment).then((response) => response.text()),
      sell({ buyers: 5, units: 2 }),
    ]);
    const ahead = sale.find(({ name }) => name === 'queued')?.data['ahead'];
    const { sold } = sale.at(-1)?.data ?? {};
    expect([ahead, sold]).to.deep.equal([1, 2]);
  });

  it('says when a sale takes too long', async () => {
    const sale = { id: 'long', buyers: 2, units: 1 };
    const { signal } = new AbortController();
    const failure = await rejection(
      runFlashSale({ url: () => service.url, token: sign }, sale, () => {}, signal, 1),
    );
    expect(failure).to.have.property('message', 'the sale was not over after 1 ms');
  });

  it('lets buyers send each request again that a busy instance refuses', async () => {
    const refused = new Set<string>();
    const { hostname, port } = new URL(service.url);
    /** Refuses each request of a buyer once, as an overloaded instance does. */
    const busy = http.createServer((req, res) => {
      const { method, url = '', headers } = req;
      const request = `${method} ${url} ${headers.authorization}`;
      if (/^\/v1\/(wallets|orders)\b/.test(url) && !refused.has(request)) {
        refused.add(request);
        res.writeHead(503).end();
        return;
      }
      const onward = http.request({ hostname, port, method, path: url, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(res);
      });
      req.pipe(onward);
    });
    await once(busy.listen(0, hostname), 'listening');
    try {
      const url = `http://${hostname}:${(busy.address() as AddressInfo).port}`;
      const sale = { id: 'busy', buyers: 3, units: 2 };
      const { signal } = new AbortController();
      const result = await runFlashSale({ url: () => url, token: sign }, sale, () => {}, signal);
      expect(result).to.include({ sold: 2, refused: 1, oversold: 0, wrongWallets: 0 });
      // A read and an order of each buyer, two payments.
      expect(refused.size).to.be.at.least(8);
    } finally {
      busy.close();
      busy.closeAllConnections();
    }
  });

  describe('the proof of a sale', () => {
    const never = new AbortController().signal;

    /** Runs a sale during whose preparation something happens that must not. */
    const runWith = (
      id: string,
      sale: { readonly buyers: number; readonly units: number },
      token: (userId: string, role: Role) => Promise<string>,
    ) => runFlashSale({ url: () => service.url, token }, { id, ...sale }, () => {}, never);

    it('finds a wallet that paid for somebody else', async () => {
      const token = (user: string, role: Role) =>
        sign(user.replace(/^(lab-sale-\d+)-2$/, '$1-1'), role);
      const result = await runWith('shared', { buyers: 2, units: 1 }, token);
      expect(result).to.include({ sold: 1, wrongWallets: 1, oversold: 0 });
    });

    it('finds units that were sold beyond the stock of the sale', async () => {
      const token = async (user: string, role: Role) => {
        const sale = /^(lab-sale-\d+)-1$/.exec(user)?.[1];
        if (sale) await restock(sale.toUpperCase(), 2);
        return sign(user, role);
      };
      const result = await runWith('more', { buyers: 9, units: 3 }, token);
      expect(result).to.include({ sold: 5, oversold: 2, wrongWallets: 0 });
    });

    async function restock(wanted: string, quantity: number): Promise<void> {
      const { items } = (await read('/v1/products?category=lab&limit=100')) as {
        items?: { id: string; sku: string }[];
      };
      const product = items?.find(({ sku }) => sku === wanted);
      const restocked = await post(`/v1/products/${product?.id}/restocks`, { quantity });
      expect(restocked.status).to.equal(201);
    }
  });

  it('ends a sale when the instance stops', async () => {
    const other = await startService(settings());
    const response = await send(
      '/lab/shop/sales',
      { method: 'POST', body: JSON.stringify({ buyers: 1_000, units: 300 }), headers: admin },
      other,
    );
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const readUntil = async (wanted: string) => {
      for (;;) {
        const next = await reader?.read();
        text += next?.value ?? '';
        if (!next || next.done || text.includes(wanted)) return;
      }
    };
    await readUntil('event: prepared');
    const stopped = other.stop();
    await readUntil('event: failed');
    expect(text).to.include('the instance stops').and.not.include('event: finished');
    await stopped;
  });

  it('is not there where only an identity provider signs tokens', async () => {
    const keys = { JWT_JWKS_URL: 'http://127.0.0.1:1/keys' };
    const other = await startService(settings({ ...keys, JWT_ISSUER: 'x', JWT_AUDIENCE: 'y' }));
    try {
      const code = new URLSearchParams(new URL(other.labLink ?? '').hash.slice(1)).get('code');
      const body = JSON.stringify({ code });
      const signedIn = await send('/lab/session', { method: 'POST', body }, other);
      const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
      const headers = { cookie, Origin: other.url };
      for (const target of ['/lab/shop/customer', '/lab/shop/sales']) {
        const response = await send(target, { method: 'POST', body: '{}', headers }, other);
        expect(response.status, target).to.equal(404);
        expect(await response.text()).to.include('JWT_JWKS_URL');
      }
    } finally {
      await other.stop();
    }
  });
});
