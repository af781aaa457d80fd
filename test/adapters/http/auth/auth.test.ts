import { expect } from 'chai';
import { generateKeyPair } from 'jose';
import type { ApiClient } from '../../../support/api-client.js';
import { embedded } from '../../../support/backends.js';
import { addProduct } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';
import { bearing, handMade, secondsFromNow, secretOf, sign } from '../support/token.js';

const NOBODY = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c';

const ADMIN_ONLY: [method: string, path: string][] = [
  ['POST', '/v1/products'],
  ['PATCH', `/v1/products/${NOBODY}`],
  ['POST', `/v1/products/${NOBODY}/restocks`],
];

const WITH_TOKEN: [method: string, path: string][] = [
  ...ADMIN_ONLY,
  ['GET', '/v1/wallets/me'],
  ['GET', '/v1/wallets/alice'],
  ['POST', '/v1/wallets/me/charges'],
  ['GET', '/v1/wallets/me/entries'],
  ['POST', '/v1/orders'],
  ['GET', '/v1/orders'],
  ['GET', `/v1/orders/${NOBODY}`],
  ['POST', `/v1/orders/${NOBODY}/payments`],
  ['POST', `/v1/orders/${NOBODY}/cancellations`],
];

describe('tokens', () => {
  const service = runningService(embedded);

  async function wallet(client: ApiClient, headers: Record<string, string> = {}) {
    return client.get('/v1/wallets/me', headers);
  }

  async function expectRefused(jwt: string): Promise<void> {
    const answer = await wallet(bearing(service(), jwt));
    expectProblem(answer, 401, 'unauthorized');
    expect(answer.headers.get('www-authenticate')).to.equal('Bearer error="invalid_token"');
  }

  for (const [method, path] of WITH_TOKEN) {
    it(`answers 401 to ${method} ${path} without a token`, async () => {
      const body = method === 'GET' ? undefined : {};
      const answer = await service().anyone.send(method, path, body);
      expectProblem(answer, 401, 'unauthorized');
      expect(answer.headers.get('www-authenticate')).to.equal('Bearer');
    });
  }

  for (const [method, path] of ADMIN_ONLY) {
    it(`answers 403 to ${method} ${path} from a customer`, async () => {
      const user = await service().customer('alice');
      expectProblem(await user.send(method, path, {}), 403, 'forbidden');
    });
  }

  it('reads products and stock for everybody, with a bad token too', async () => {
    const id = await addProduct(service().admin);
    for (const path of ['/v1/products', `/v1/products/${id}`, `/v1/products/${id}/stock`]) {
      expect((await service().anyone.get(path)).status).to.equal(200);
      expect((await bearing(service(), 'garbage').get(path)).status).to.equal(200);
    }
  });

  it('takes a token that its own secret signed', async () => {
    const jwt = await sign(secretOf(service()));
    const answer = await wallet(bearing(service(), jwt));
    expect(answer.body).to.deep.equal({ userId: 'somebody', balance: 0, version: 0 });
  });

  for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
    it(`takes the scheme as ${JSON.stringify(scheme)}`, async () => {
      const jwt = await sign(secretOf(service()));
      const answer = await wallet(service().anyone, { authorization: `${scheme} ${jwt}` });
      expect(answer.status).to.equal(200);
    });
  }

  for (const header of ['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Token x', 'x', 'Bearer a b']) {
    it(`answers 401 to the header ${JSON.stringify(header)}`, async () => {
      const answer = await wallet(service().anyone, { authorization: header });
      expectProblem(answer, 401, 'unauthorized');
    });
  }

  for (const garbage of [
    'x',
    'a.b',
    'a.b.c',
    '..',
    '...',
    'a.b.c.d.e',
    `${'a'.repeat(5000)}.b.c`,
    'e30.e30.',
    'bnVsbA.bnVsbA.x',
    'W10.W10.x',
  ]) {
    it(`answers 401 to the token ${garbage.slice(0, 20)}`, () => expectRefused(garbage));
  }

  it('refuses a token that has expired or is not valid yet', async () => {
    const secret = secretOf(service());
    await expectRefused(await sign(secret, { exp: secondsFromNow(-1) }));
    await expectRefused(await sign(secret, { nbf: secondsFromNow(3600) }));
    for (const odd of ['never', null, {}, -1])
      await expectRefused(await sign(secret, { exp: odd }));
    await expectRefused(await sign(secret, { nbf: 'tomorrow' }));
  });

  it('refuses a token that never ends', async () => {
    await expectRefused(await sign(secretOf(service()), { exp: undefined }));
  });

  it('takes a token of a clock that is a little ahead', async () => {
    const early = await sign(secretOf(service()), { nbf: secondsFromNow(2) });
    expect((await wallet(bearing(service(), early))).status).to.equal(200);
  });

  it('takes only tokens whose type is that of an access token', async () => {
    for (const typ of ['JWT', 'jwt', 'at+jwt', 'application/at+jwt']) {
      const jwt = await sign(secretOf(service()), {}, { alg: 'HS256', typ });
      expect((await wallet(bearing(service(), jwt))).status, typ).to.equal(200);
    }
    for (const typ of ['logout+jwt', 'dpop+jwt', 'secevent+jwt', '', 'application/json']) {
      await expectRefused(await sign(secretOf(service()), {}, { alg: 'HS256', typ }));
    }
  });

  it('takes a token of 12,000 characters', async () => {
    const jwt = await sign(secretOf(service()), { groups: 'x'.repeat(8_800) });
    expect(jwt.length).to.be.above(11_700);
    expect((await wallet(bearing(service(), jwt))).status).to.equal(200);
  });

  it('refuses a token that is not signed', async () => {
    const claims = { sub: 'admin', role: 'admin', exp: 4_000_000_000 };
    await expectRefused(handMade({ alg: 'none' }, claims));
    await expectRefused(handMade({ alg: 'None', typ: 'JWT' }, claims));
    await expectRefused(handMade({ alg: 'HS256' }, claims));
    await expectRefused(handMade({}, claims));
    await expectRefused(handMade({ alg: 'HS256', crit: ['x'], x: 1 }, claims, 'AAAA'));
    await expectRefused(handMade({ alg: 'HS256', b64: false, crit: ['b64'] }, claims, 'AAAA'));
  });

  it('refuses a token that another key signed, or another algorithm', async () => {
    await expectRefused(await sign(new TextEncoder().encode('x'.repeat(48))));
    await expectRefused(await sign(secretOf(service()), {}, { alg: 'HS512' }));
    const { privateKey } = await generateKeyPair('RS256');
    await expectRefused(await sign(privateKey, {}, { alg: 'RS256' }));
  });

  it('refuses a token that was changed after it was signed', async () => {
    const [header, , signature] = (await sign(secretOf(service()))).split('.');
    const claims = Buffer.from('{"sub":"admin","role":"admin"}').toString('base64url');
    await expectRefused(`${header}.${claims}.${signature}`);
  });

  it('takes a token without a role for a customer', async () => {
    const jwt = await sign(secretOf(service()), { sub: 'plain', role: undefined });
    const client = bearing(service(), jwt);
    expect((await wallet(client)).body.userId).to.equal('plain');
    expectProblem(await client.post('/v1/products', {}), 403, 'forbidden');
  });

  for (const role of ['root', '', 'Admin', 'ADMIN', ['admin'], { admin: true }, null, 1, true]) {
    it(`refuses the role ${JSON.stringify(role)}`, async () => {
      await expectRefused(await sign(secretOf(service()), { role }));
    });
  }

  // In a path the last three have another meaning.
  for (const sub of [
    '',
    ' ',
    'a b',
    'a\n',
    'é',
    '차',
    'a'.repeat(129),
    7,
    null,
    ['a'],
    {},
    'me',
    '.',
    '..',
  ]) {
    it(`refuses the user ${JSON.stringify(sub).slice(0, 40)}`, async () => {
      await expectRefused(await sign(secretOf(service()), { sub }));
    });
  }

  it('refuses a token without a user', async () => {
    await expectRefused(await sign(secretOf(service()), { sub: undefined, role: 'admin' }));
  });

  it('takes a user id of 128 characters', async () => {
    const user = await service().customer('a'.repeat(128));
    const answer = await user.post('/v1/wallets/me/charges', { amount: 1 });
    expect(answer.body.wallet.userId).to.equal('a'.repeat(128));
  });
});

describe('tokens with a tolerance of 0 for clocks', () => {
  const service = runningService(embedded, { JWT_CLOCK_TOLERANCE_MS: '0' });

  it('are refused before they are valid', async () => {
    const early = await sign(secretOf(service()), { nbf: secondsFromNow(60) });
    const answer = await bearing(service(), early).get('/v1/wallets/me');
    expectProblem(answer, 401, 'unauthorized');
  });
});

describe('tokens when issuer and audience are set', () => {
  const service = runningService(embedded, { JWT_ISSUER: 'the-shop', JWT_AUDIENCE: 'orders' });

  async function status(claims: object): Promise<number> {
    const jwt = await sign(secretOf(service()), { ...claims });
    return (await bearing(service(), jwt).get('/v1/wallets/me')).status;
  }

  for (const aud of ['orders', ['mail', 'orders']]) {
    it(`takes a token of that issuer for ${aud}`, async () => {
      expect(await status({ iss: 'the-shop', aud })).to.equal(200);
    });
  }

  for (const claims of [
    {},
    { iss: 'the-shop' },
    { aud: 'orders' },
    { iss: 'a-shop', aud: 'orders' },
    { iss: 'the-shop', aud: 'mail' },
    { iss: ['the-shop'], aud: 'orders' },
    { iss: 'the-shop', aud: [] },
  ]) {
    it(`refuses a token of ${JSON.stringify(claims)}`, async () => {
      expect(await status(claims)).to.equal(401);
    });
  }
});
