import { expect } from 'chai';
import { generateKeyPair } from 'jose';
import { type Service, startService } from '../../src/config/service.js';
import { readSettings } from '../../src/config/settings.js';
import { ApiClient } from '../support/api-client.js';
import { embedded, type OpenBackend } from '../support/backends.js';
import { type Algorithm, KeySetServer } from './support/key-set-server.js';
import { expectProblem } from './support/problem.js';
import { handMade, secondsFromNow, sign } from './support/token.js';

describe('tokens of an identity provider that publishes its keys', () => {
  let backend: OpenBackend;
  let keySet: KeySetServer;
  let service: Service;

  beforeEach(async () => {
    backend = await embedded.open();
    keySet = await KeySetServer.start();
    service = await startService(readSettings({ ...backend.env, JWT_JWKS_URL: keySet.url }));
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
    return sign(keySet.privateKey(alg), claims, { alg, ...header });
  }

  for (const alg of ['RS256', 'ES256'] as const) {
    it(`takes a token signed with its ${alg} key`, async () => {
      expect((await wallet(await signed(alg))).body.userId).to.equal('somebody');
      expect((await wallet(await signed(alg, {}, {}))).status).to.equal(200);
    });

    it(`refuses a ${alg} token of another key, or one that has expired`, async () => {
      const { privateKey } = await generateKeyPair(alg);
      for (const kid of [alg, 'unknown']) {
        const forged = await sign(privateKey, {}, { alg, kid });
        expectProblem(await wallet(forged), 401, 'unauthorized');
      }
      const late = await signed(alg, { exp: secondsFromNow(-1) });
      expectProblem(await wallet(late), 401, 'unauthorized');
    });

    it(`refuses an HS256 token whose secret is the public ${alg} key`, async () => {
      const secret = new TextEncoder().encode(await keySet.publicPem(alg));
      for (const kid of [alg, undefined]) {
        const header = { alg: 'HS256', ...(kid ? { kid } : {}) };
        const forged = await sign(secret, { role: 'admin' }, header);
        expectProblem(await wallet(forged), 401, 'unauthorized');
      }
    });
  }

  it('refuses hand-made tokens, and none of them is an outage', async () => {
    const claims = { sub: 'admin', role: 'admin', exp: 4_000_000_000 };
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

  it('goes on with the keys it knows while the key set is away', async () => {
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
  })) {
    it(`answers 503 while the provider answers ${what}`, async () => {
      keySet.answer = (_req, res) => {
        res.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      };
      expectProblem(await wallet(await signed('RS256')), 503, 'dependency_unavailable');
    });
  }

  it('starts and serves what needs no token while the provider is away', async () => {
    await keySet.down();
    expect((await new ApiClient(service.url).get('/v1/products')).status).to.equal(200);
    expectProblem(await new ApiClient(service.url).get('/v1/wallets/me'), 401, 'unauthorized');
  });
});
