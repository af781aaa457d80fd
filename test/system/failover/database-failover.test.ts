import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import type { ApiClient } from '../../support/api-client.js';
import { embedded } from '../../support/backends.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { DatabasePair } from './database-pair.js';
import { RECOVERY_MS, ReadinessWatch } from './readiness-watch.js';

/** More requests than connections in the pool, so that the pool is full. */
const AT_ONCE = 15;

describe('A service whose database fails over behind one address', function () {
  this.timeout(240_000);
  let pair: DatabasePair;
  let service: TestService;
  let user: ApiClient;
  let watch: ReadinessWatch;
  let serial = 0;

  before(async () => {
    pair = await DatabasePair.start();
  });

  after(() => pair?.[Symbol.asyncDispose]());

  beforeEach(async () => {
    service = await startTestService(embedded, { DATABASE_URL: pair.url });
    // A new user, who has no wallet on either server.
    serial += 1;
    user = await service.customer(`user-${serial}`);
    expect((await user.post('/v1/wallets/me/charges', { amount: 7 })).status).to.equal(201);
    expect(await readBalances()).to.deep.equal(Array(AT_ONCE).fill(7));
    const charge = () => user.post('/v1/wallets/me/charges', { amount: 10 });
    watch = new ReadinessWatch(user, charge, ({ status }) => status === 200);
  });

  afterEach(async () => {
    await service?.[Symbol.asyncDispose]();
    await pair?.reset();
  });

  async function readBalances(): Promise<number[]> {
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => user.get('/v1/wallets/me')),
    );
    return answers.map(({ status, body }) => (status === 200 ? body.balance : Number.NaN));
  }

  for (const how of ['left open', 'cut'] as const) {
    it(`writes to the new server, and reads nothing of the old one, with connections ${how}`, async () => {
      await pair.run('first', 'SET GLOBAL read_only = 1');
      await watch.untilRefused();
      pair.moveTo('second');
      if (how === 'cut') {
        pair.relay.cut();
        pair.relay.mend();
      }
      const taken = await watch.untilTaken(RECOVERY_MS);
      // The wallet is new on this server, so a read from the old server would differ.
      expect(taken.body.wallet.balance).to.equal(10);
      for (let round = 0; round < 5; round += 1) {
        expect(await readBalances()).to.deep.equal(Array(AT_ONCE).fill(10));
      }
      expect((await user.get('/readyz')).status).to.equal(200);
      expect(watch.lies).to.deep.equal([]);
      await eventually(async () => expect(await pair.connections('first')).to.equal(0));
    });
  }

  it('reads from the new server when nobody writes', async () => {
    await pair.run('first', 'SET GLOBAL read_only = 1');
    pair.moveTo('second');
    await eventually(async () => {
      expect(await readBalances()).to.deep.equal(Array(AT_ONCE).fill(0));
    });
  });

  it('accepts writes again when its account was created again, or its password was restored', async () => {
    for (const [taken, given] of [
      [`DROP USER 'shop'@'%'`, `CREATE USER 'shop'@'%' IDENTIFIED BY 'of-the-shop'`],
      [
        `ALTER USER 'shop'@'%' IDENTIFIED BY 'another'`,
        `ALTER USER 'shop'@'%' IDENTIFIED BY 'of-the-shop'`,
      ],
    ] as const) {
      await pair.run('first', taken);
      // Like an operator: open connections would otherwise continue under the old account.
      pair.relay.cut();
      pair.relay.mend();
      await watch.untilRefused();
      await pair.run('first', given);
      await pair.run('first', `GRANT ALL ON shop.* TO 'shop'@'%'`);
      await watch.untilTaken(RECOVERY_MS);
      expect(watch.lies).to.deep.equal([]);
    }
  });
});
