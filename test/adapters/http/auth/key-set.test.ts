import { createSign, generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { type CryptoKey, generateKeyPair } from 'jose';
import { type Service, startService } from '../../../../src/config/service.js';
import { readSettings } from '../../../../src/config/settings/settings.js';
import { ApiClient } from '../../../support/api-client.js';
import { embedded, type OpenBackend } from '../../../support/backends.js';
import { type Algorithm, KeySetServer } from '../support/key-set-server.js';
import { expectProblem } from '../support/problem.js';
import { handMade, secondsFromNow, sign } from '../support/token.js';

/** The claims of tokens for this service. */
const MEANT = { JWT_ISSUER: 'https://idp.example', JWT_AUDIENCE: 'shop' };
const CLAIMS = { iss: 'https://idp.example', aud: 'shop' };

describe('tokens of an identity provider that publishes its keys', () => {
  let backend: OpenBackend;
  let keySet: KeySetServer;
  let service: Service;

  beforeEach(async () => {
    backend = await embedded.open();
    keySet = await KeySetServer.start();
    service = await startService(
      readSettings({ ...backend.env, ...MEANT, JWT_JWKS_URL: keySet.url }),
    );
  });

  afterEach(async () => {
    await service?.stop();
    await keySet?.[Symbol.asyncDispose]();
    await backend?.[Symbol.asyncDispose]();
  });

  function wallet(jwt: string) {
    return new ApiClient(service.url, jwt).get('/v1/wallets/me');
  }

  function signed(alg: Algorithm, claims = {}, header: object = { kid: alg }) {
    return sign(keySet.privateKey(alg), { ...CLAIMS, ...claims }, { alg, ...header });
  }

  for (const alg of ['RS256', 'ES256'] as const) {
    it(`takes a token signed with its ${alg} key`, async () => {
      expect((await wallet(await signed(alg))).body.userId).to.equal('somebody');
      expect((await wallet(await signed(alg, {}, {}))).status).to.equal(200);
    });

    it(`refuses a ${alg} token of another key, or one that has expired`, async () => {
      const { privateKey } = await generateKeyPair(alg);
      for (const kid of [alg, 'unknown']) {
        const forged = await sign(privateKey, CLAIMS, { alg, kid });
        expectProblem(await wallet(forged), 401, 'unauthorized');
      }
      const late = await signed(alg, { exp: secondsFromNow(-1) });
      expectProblem(await wallet(late), 401, 'unauthorized');
    });

    it(`refuses an HS256 token whose secret is the public ${alg} key`, async () => {
      const secret = new TextEncoder().encode(await keySet.publicPem(alg));
      for (const kid of [alg, undefined]) {
        const header = { alg: 'HS256', ...(kid ? { kid } : {}) };
        const forged = await sign(secret, { ...CLAIMS, role: 'admin' }, header);
        expectProblem(await wallet(forged), 401, 'unauthorized');
      }
    });
  }

  it('refuses invalid tokens with 401, never with 503', async () => {
    const claims = { ...CLAIMS, sub: 'admin', role: 'admin', exp: 4_000_000_000 };
    for (const [header, signature] of [
      [{ alg: 'none' }, ''],
      [{ alg: 'RS256' }, ''],
      [{ alg: 'RS256', kid: 'RS256' }, 'AAAA'],
      [{ alg: 'ES256', kid: 'ES256' }, 'AAAA'],
      [{ alg: 'ES256', kid: 'ES256' }, '!'],
      [{ alg: 'ES256', kid: 'RS256' }, 'AAAA'],
      [{ alg: 'RS256', kid: { x: 1 } }, 'AAAA'],
      [{ alg: 'RS256', kid: 7 }, 'AAAA'],
      [{ alg: 'RS256', kid: '' }, 'AAAA'],
      [{ alg: 'RS512', kid: 'RS256' }, 'AAAA'],
      [{ alg: 'PS256', kid: 'RS256' }, 'AAAA'],
      [{ alg: ['RS256'] }, 'AAAA'],
      [{ alg: 'RS256', jku: 'http://127.0.0.1:1/', kid: 'mine' }, 'AAAA'],
      [{ alg: 'RS256', kid: 'RS256', crit: ['exp'] }, 'AAAA'],
    ] as const) {
      const answer = await wallet(handMade(header, claims, signature));
      expectProblem(answer, 401, 'unauthorized');
    }
    for (const garbage of ['x', 'a.b.c', '..', 'e30.e30.AAAA']) {
      expectProblem(await wallet(garbage), 401, 'unauthorized');
    }
  });

  it('answers 503 while the key set cannot be fetched, and recovers', async () => {
    const jwt = await signed('RS256');
    await keySet.down();
    const answer = await wallet(jwt);
    expectProblem(answer, 503, 'dependency_unavailable');
    expect(answer.body.dependency).to.equal('token key set');
    expect(answer.headers.get('retry-after')).to.match(/^\d+$/);
    await keySet.up();
    expect((await wallet(jwt)).status).to.equal(200);
  });

  it('refuses tokens that are meant for others', async () => {
    for (const claims of [
      { aud: 'another-shop' },
      { aud: undefined },
      { aud: [] },
      { iss: 'https://evil.example' },
      { iss: undefined },
    ]) {
      expectProblem(await wallet(await signed('RS256', claims)), 401, 'unauthorized');
    }
    const both = await signed('RS256', { aud: ['another-shop', 'shop'] });
    expect((await wallet(both)).status).to.equal(200);
  });

  it('refuses a token that never ends', async () => {
    expectProblem(await wallet(await signed('RS256', { exp: undefined })), 401, 'unauthorized');
  });

  it('takes a key that was published right after the last fetch', async () => {
    expect((await wallet(await signed('RS256'))).status).to.equal(200);
    const key = await keySet.publish({ kid: 'new', alg: 'ES256', use: 'sig' });
    const jwt = await sign(key, CLAIMS, { alg: 'ES256', kid: 'new' });
    expect((await wallet(jwt)).status).to.equal(200);
  });

  it('takes a newly published key from a set whose keys have no ids', async () => {
    keySet.published = [];
    const first = await keySet.publish({});
    expect((await wallet(await sign(first, CLAIMS, { alg: 'ES256' }))).status).to.equal(200);
    keySet.published = [];
    const next = await keySet.publish({});
    expect((await wallet(await sign(next, CLAIMS, { alg: 'ES256' }))).status).to.equal(200);
    expectProblem(await wallet(await sign(first, CLAIMS, { alg: 'ES256' })), 401, 'unauthorized');
  });

  it('fetches the keys rarely, however many unknown keys are named', async () => {
    expect((await wallet(await signed('RS256'))).status).to.equal(200);
    const { privateKey } = await generateKeyPair('ES256');
    const begun = performance.now();
    for (let i = 0; i < 100; i += 1) {
      const header = { alg: 'ES256', ...(i % 2 === 0 && { kid: `unknown-${i}` }) };
      expectProblem(await wallet(await sign(privateKey, CLAIMS, header)), 401, 'unauthorized');
    }
    const seconds = (performance.now() - begun) / 1_000;
    expect(keySet.requests).to.be.at.most(6 + seconds);
  });

  it('tries each key that fits a token without a kid', async () => {
    keySet.published = [];
    const keys = [];
    for (const about of [{}, { kid: 'named' }, { use: 'sig' }, { alg: 'ES256' }]) {
      keys.push(await keySet.publish(about));
    }
    for (const key of keys) {
      expect((await wallet(await sign(key, CLAIMS, { alg: 'ES256' }))).status).to.equal(200);
    }
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await sign(privateKey, CLAIMS, { alg: 'ES256' });
    expectProblem(await wallet(forged), 401, 'unauthorized');
    const late = await sign(
      keys[2] as CryptoKey,
      { ...CLAIMS, exp: secondsFromNow(-60) },
      { alg: 'ES256' },
    );
    expectProblem(await wallet(late), 401, 'unauthorized');
  });

  it('takes no key that is for another use, too weak, or of another kind', async () => {
    for (const about of [{ use: 'enc' }, { key_ops: ['encrypt'] }, { alg: 'ES384' }]) {
      keySet.published = [];
      const key = await keySet.publish({ kid: 'odd', ...about });
      const jwt = await sign(key, CLAIMS, { alg: 'ES256', kid: 'odd' });
      expectProblem(await wallet(jwt), 401, 'unauthorized');
    }
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    keySet.published = [{ ...weak.publicKey.export({ format: 'jwk' }), kid: 'weak' }];
    const claims = { ...CLAIMS, sub: 'somebody', exp: secondsFromNow(3600) };
    const unsigned = handMade({ alg: 'RS256', kid: 'weak' }, claims).slice(0, -1);
    const signature = createSign('sha256').update(unsigned).sign(weak.privateKey, 'base64url');
    expectProblem(await wallet(`${unsigned}.${signature}`), 401, 'unauthorized');
  });

  it('uses known keys while the provider is down', async () => {
    const jwt = await signed('ES256');
    expect((await wallet(jwt)).status).to.equal(200);
    await keySet.down();
    expect((await wallet(jwt)).status).to.equal(200);
  });

  for (const [what, answer] of Object.entries({
    'with 500': { status: 500, body: 'oops' },
    'with 404': { status: 404, body: '{}' },
    'without a key set': { status: 200, body: '<html></html>' },
    'with a key set of another shape': { status: 200, body: '{"keys":1}' },
    'with keys that are none': { status: 200, body: '{"keys":[1,null,{}]}' },
    'with a redirect': { status: 302, body: '' },
    'with more than any key set has': { status: 200, body: `{"keys":[${' '.repeat(2 ** 21)}]}` },
  })) {
    it(`answers 503 while the provider answers ${what}`, async () => {
      keySet.answer = (_req, res) => {
        res.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      };
      expectProblem(await wallet(await signed('RS256')), 503, 'dependency_unavailable');
    });
  }

  it('starts and serves public routes while the provider is down', async () => {
    await keySet.down();
    expect((await new ApiClient(service.url).get('/v1/products')).status).to.equal(200);
    expectProblem(await new ApiClient(service.url).get('/v1/wallets/me'), 401, 'unauthorized');
  });
});
