import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { ApiClient } from '../../support/api-client.js';
import { type Backend, type Env, embedded, servers } from '../../support/backends.js';
import { bundled } from '../../support/bundled.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { HURRIED, startSandbox } from '../../support/sandbox.js';
import { addProduct, orderOf, readAll } from '../../support/shop.js';

/** Much longer than a test waits, so an instance that used such a clock would be too late. */
const TEN_MINUTES = 600_000;

const SKEW = new URL('support/skewed-clock-process.js', import.meta.url).href;
const MORTAL = bundled(new URL('../faults/card-saga/mortal-instance-process.js', import.meta.url));

const FAST: Env = {
  LOCK_LEASE_MS: '500',
  SWEEPER_LEASE_MS: '500',
  EXPIRY_SWEEP_MS: '50',
  OUTBOX_LEASE_MS: '500',
  OUTBOX_RELAY_MS: '50',
};

/** Starts an instance on a machine whose clock is wrong by this time. */
function start(env: Env, skewMs: number, main?: string): Promise<InstanceProcess> {
  const skewed = { NODE_OPTIONS: `--import=${SKEW}`, TEST_CLOCK_SKEW_MS: String(skewMs) };
  return InstanceProcess.start({ ...env, ...skewed }, main);
}

async function held(user: ApiClient, productId: string): Promise<string> {
  const hold = { productId, quantity: 1, holdSeconds: 1 };
  const { status, body } = await user.post('/v1/reservations', hold);
  expect(status).to.equal(201);
  return `/v1/reservations/${body.id}`;
}

async function requested(user: ApiClient, productId: string): Promise<string> {
  const prefer = { Prefer: 'respond-async' };
  const { status, body } = await user.post('/v1/orders', orderOf(productId), prefer);
  expect(status).to.equal(202);
  return `/v1/order-requests/${body.id}`;
}

async function comesTo(user: ApiClient, path: string, status: string): Promise<void> {
  await eventually(async () => expect((await user.get(path)).body).to.include({ status }));
}

const AHEAD = {
  title: 'whose clock is ten minutes ahead',
  first: TEN_MINUTES,
  second: 0,
};
const BEHIND = {
  title: 'that is followed by one whose clock is ten minutes behind',
  first: 0,
  second: -TEN_MINUTES,
};

const cases: readonly (readonly [Backend, typeof AHEAD])[] = [
  [embedded, AHEAD],
  [servers, AHEAD],
  [servers, BEHIND],
];

for (const [backend, { title, first, second }] of cases) {
  describe(`An instance on ${backend.name} ${title}`, () => {
    it('is replaced in all its jobs when it is killed, and lists stay newest first', async () => {
      await using open = await backend.open();
      const env = { ...open.env, ...FAST };
      await using one = await start(env, first);
      const admin = await ApiClient.of(one.url, env, 'admin', 'admin');
      const productId = await addProduct(admin, { stock: 1_000, price: 1 });
      const before = await ApiClient.of(one.url, env, 'alice');
      // It takes every lease, and leaves work to do.
      await comesTo(before, await held(before, productId), 'EXPIRED');
      await comesTo(before, await requested(before, productId), 'CONFIRMED');
      await before.post('/v1/wallets/me/charges', { amount: 1 });
      const left = await held(before, productId);
      await one.end('SIGKILL');

      await using two = await start(env, second);
      const after = await ApiClient.of(two.url, env, 'alice');
      await after.post('/v1/wallets/me/charges', { amount: 2 });
      await comesTo(after, left, 'EXPIRED');
      await comesTo(after, await requested(after, productId), 'CONFIRMED');
      const third = await after.post('/v1/orders', orderOf(productId));
      const orders = await readAll<{ id: string }>(after, '/v1/orders');
      expect(orders[0]?.id).to.equal(third.body.id);
      const entries = await readAll<{ amount: number }>(after, '/v1/wallets/me/entries');
      expect(entries.map(({ amount }) => amount)).to.deep.equal([2, 1]);
    }).timeout(240_000);
  });
}

describe('A card payment of an instance whose clock is ten minutes ahead', () => {
  it('is continued by another instance when this one is killed', async () => {
    await using open = await servers.open();
    await using sandbox = await startSandbox();
    const env = { ...open.env, ...FAST, ...sandbox.env, ...HURRIED };
    const crash = { ...env, TEST_CRASH_AT: 'after authorise' };
    await using one = await start(crash, TEN_MINUTES, MORTAL);
    const admin = await ApiClient.of(one.url, env, 'admin', 'admin');
    const productId = await addProduct(admin, { price: 5 });
    const before = await ApiClient.of(one.url, env, 'alice');
    const order = await before.post('/v1/orders', orderOf(productId));
    const path = `/v1/orders/${order.body.id}`;
    const card = { method: 'card', token: 'tok_success' };
    await before.post(`${path}/payments`, card).catch(() => undefined);
    await eventually(() => expect(one.hasEnded).to.equal(true));
    await using two = await start(env, 0);
    await comesTo(await ApiClient.of(two.url, env, 'alice'), path, 'PAID');
  }).timeout(240_000);
});
