import { expect } from 'chai';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { RemoteKeySet } from '../../../../src/adapters/http/auth/remote-key-set.js';
import { TokenVerifier } from '../../../../src/adapters/http/auth/token-verifier.js';
import { HttpProblem } from '../../../../src/adapters/http/responses/problem.js';
import { rejection } from '../../../support/rejection.js';
import { KeySetServer } from '../support/key-set-server.js';
import { sign } from '../support/token.js';

const START_MS = 1_800_000_000_000;
const REFRESH_MS = 60_000;
const HEADER = { alg: 'ES256', kid: 'ES256' };

describe('a token that was verified before', () => {
  let clock: SinonFakeTimers;
  let server: KeySetServer;
  let keySet: RemoteKeySet;
  let verifier: TokenVerifier;
  let keysSearched: number;

  beforeEach(async () => {
    clock = useFakeTimers({ now: START_MS, toFake: ['Date'] });
    server = await KeySetServer.start();
    keySet = new RemoteKeySet(new URL(server.url), { timeoutMs: 3_000, refreshMs: REFRESH_MS });
    const { find } = keySet;
    keysSearched = 0;
    Object.assign(keySet, {
      find: (...asked: Parameters<typeof find>) => {
        keysSearched += 1;
        return find(...asked);
      },
    });
    verifier = new TokenVerifier({ key: keySet, algorithms: ['ES256'] });
    await keySet.renew();
  });
  afterEach(() => server[Symbol.asyncDispose]());
  afterEach(() => clock.restore());

  const token = (claims = {}) => sign(server.privateKey('ES256'), claims, HEADER);

  async function expectRefused(jwt: string): Promise<void> {
    expect(await rejection(verifier.verify(jwt))).to.be.instanceOf(HttpProblem);
  }

  it('is accepted without a second verification of its signature', async () => {
    const jwt = await token({ role: 'admin' });
    const caller = { userId: 'somebody', role: 'admin' };
    for (let i = 0; i < 3; i += 1) expect(await verifier.verify(jwt)).to.deep.equal(caller);
    expect(keysSearched).to.equal(1);
  });

  it('does not count for a token that differs in its last character', async () => {
    const jwt = await token();
    await verifier.verify(jwt);
    const other = `${jwt.slice(0, -4)}AAAA`;
    await expectRefused(other);
    await expectRefused(other);
  });

  it('is refused once it has expired', async () => {
    const jwt = await token({ exp: START_MS / 1_000 + 10 });
    await verifier.verify(jwt);
    clock.tick(9_999);
    await verifier.verify(jwt);
    clock.tick(1);
    await expectRefused(jwt);
  });

  it('is refused when the clock goes back to before its nbf', async () => {
    const jwt = await token({ nbf: START_MS / 1_000 });
    await verifier.verify(jwt);
    clock.setSystemTime(START_MS - 1_000);
    await expectRefused(jwt);
  });

  it('is refused once its key was withdrawn and the keys were renewed', async () => {
    const jwt = await token();
    await verifier.verify(jwt);
    server.published = [];
    clock.tick(REFRESH_MS - 1);
    await verifier.verify(jwt);
    clock.tick(1);
    await expectRefused(jwt);
  });

  it('is accepted while the provider is down, as a new one would be', async () => {
    const jwt = await token();
    await verifier.verify(jwt);
    await server.down();
    clock.tick(REFRESH_MS);
    await verifier.verify(jwt);
    await verifier.verify(await token({ sub: 'other' }));
  });
});
