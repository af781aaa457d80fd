import { expect } from 'chai';
import type { Sequelize } from 'sequelize';
import { eventually } from '../../../tools/servers/eventually.js';
import type { ApiResponse } from '../../support/api-client.js';
import { type OpenBackend, servers } from '../../support/backends.js';
import { addProduct, orderOf, readAll, tally } from '../../support/shop.js';
import { openDatabase } from './support/open-database.js';
import { TwoInstances } from './support/two-instances.js';

const PRODUCTS = 12;
const AT_ONCE = 36;
const ASYNC = { Prefer: 'respond-async' };

describe('A customer who asks two instances for more than the quotas at the same time', function () {
  this.timeout(120_000);
  let open: OpenBackend;
  let shop: TwoInstances;
  let products: string[];

  before(async () => {
    open = await servers.open();
    shop = await TwoInstances.start({
      ...open.env,
      LOCK_WAIT_MS: '60000',
      QUOTA_UNPAID_ORDERS: '5',
      QUOTA_HOLDS: '5',
      QUOTA_UNITS: '4',
      QUOTA_QUEUED_ORDERS: '5',
    });
    const admin = await shop.user('admin', 'admin');
    products = [];
    for (let i = 0; i < PRODUCTS; i++) products.push(await addProduct(admin(), { stock: 1_000 }));
  });

  after(async () => {
    await shop?.[Symbol.asyncDispose]();
    await open?.[Symbol.asyncDispose]();
  });

  const productOf = (i: number) => products[i % PRODUCTS] ?? '';

  /** Repeats each request until its quota decides it. A request in a conflict may get a 503. */
  function allAtOnce(ask: (i: number) => Promise<ApiResponse>): Promise<ApiResponse[]> {
    const answered = (i: number) =>
      eventually(async () => {
        const answer = await ask(i);
        expect(answer.status, JSON.stringify(answer.body)).to.be.below(500);
        return answer;
      });
    return Promise.all(Array.from({ length: AT_ONCE }, (_, i) => answered(i)));
  }

  function expectQuota(
    answers: readonly ApiResponse[],
    status: number,
    granted: number,
    quota: string,
  ) {
    expect(tally(answers)).to.deep.equal({ [granted]: 5, [status]: AT_ONCE - 5 });
    for (const { body } of answers.filter((answer) => answer.status === status)) {
      expect(body).to.include({ quota, limit: 5, current: 5 });
    }
  }

  it('gets as many unpaid orders as the quota says', async () => {
    const user = await shop.user('buyer');
    const answers = await allAtOnce((i) => user().post('/v1/orders', orderOf(productOf(i))));
    expectQuota(answers, 409, 201, 'unpaid_orders');
    expect(await readAll(user(), '/v1/orders')).to.have.length(5);
  });

  it('gets as many reservations as the quota says', async () => {
    const user = await shop.user('holder');
    const body = (i: number) => ({ productId: productOf(i), quantity: 1, holdSeconds: 3_600 });
    const answers = await allAtOnce((i) => user().post('/v1/reservations', body(i)));
    expectQuota(answers, 409, 201, 'holds');
  });

  it('gets as many units of a product as the quota says, in orders and reservations', async () => {
    const user = await shop.user('collector');
    const productId = productOf(0);
    const ask = (i: number) =>
      i % 2
        ? user().post('/v1/orders', orderOf(productId))
        : user().post('/v1/reservations', { productId, quantity: 1, holdSeconds: 3_600 });
    const answers = await allAtOnce(ask);
    expect(tally(answers)).to.deep.equal({ 201: 4, 409: AT_ONCE - 4 });
    for (const { body } of answers.filter(({ status }) => status === 409)) {
      expect(body).to.include({ quota: 'units', limit: 4, current: 4 });
    }
  });

  it('gets as many orders into the queue as the quota says, until some are settled', async () => {
    await using database = openDatabase(open.env);
    await holdRelay(database.sequelize, '2100-01-01 00:00:00.000');
    const user = await shop.user('queuer');
    const ask = (i: number) => user().post('/v1/orders', orderOf(productOf(i)), ASYNC);
    const answers = await allAtOnce(ask);
    expectQuota(answers, 429, 202, 'queued_orders');
    for (const { status, headers, body } of answers) {
      if (status !== 429) continue;
      expect(body.code).to.equal('queue_quota_exceeded');
      expect(headers.get('retry-after')).to.match(/^[1-9]\d*$/);
    }
    const key = { ...ASYNC, 'Idempotency-Key': 'later' };
    const later = () => user().post('/v1/orders', orderOf(productOf(0)), key);
    expect((await later()).status).to.equal(429);
    await holdRelay(database.sequelize, '1970-01-02 00:00:00.000');
    // The refusal is not stored under the key, because the client should try again.
    await eventually(async () => expect((await later()).status).to.equal(202));
  });
});

/** Until then nothing leaves the outbox. */
async function holdRelay(sequelize: Sequelize, until: string): Promise<void> {
  const hold = "UPDATE outbox_relays SET relay = 'test', leased_until = ? WHERE outbox = 'orders'";
  await sequelize.query(hold, { replacements: [until] });
}
