import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../tools/servers/server.js';
import type { ApiClient, ApiResponse } from '../../support/api-client.js';
import { type Env, type OpenBackend, servers } from '../../support/backends.js';
import { addProduct, readAll } from '../../support/shop.js';
import { type Planted, plantOrders, plantReservations } from './support/plant-rows.js';
import { raceToExpiry } from './support/race-to-expiry.js';
import { TwoInstances } from './support/two-instances.js';
import { readLedger, type UnitLedger } from './support/unit-ledger.js';

const UNITS = 5_000;
const POINTS = { method: 'points' };

/** A shop of two instances on separate servers, for one case. */
async function openShop(work: (shop: Shop) => Promise<void>, extra: Env = {}): Promise<void> {
  await using open: OpenBackend = await servers.open();
  const { REDIS_URL: _, ...rest } = open.env;
  const env = { ...('REDIS_URL' in extra ? rest : open.env), LOCK_LEASE_MS: '1000', ...extra };
  // An empty address means that there is no server.
  await using two = await TwoInstances.start(env);
  await work({ env, two });
}

interface Shop {
  readonly env: Env;
  readonly two: TwoInstances;
}

async function products({ two }: Shop, count: number): Promise<string[]> {
  const admin = await two.user('admin', 'admin');
  const stock = UNITS / count;
  return Promise.all(Array.from({ length: count }, () => addProduct(admin(), { stock, price: 7 })));
}

function confirmer({ two }: Shop) {
  const user = two.user('alice');
  return async ({ id }: Planted) => (await user)().post(`/v1/reservations/${id}/confirmations`);
}

/**
 * Plants rows that expire after a short time. On a slow machine the requests come too late for a
 * race, so longer times are tried.
 */
async function race(trial: (shop: Shop, inMs: number) => Promise<boolean>): Promise<void> {
  for (const inMs of [1_500, 5_000, 15_000]) {
    let wasClose = false;
    await openShop(async (shop) => {
      wasClose = await trial(shop, inMs);
    });
    if (wasClose) return;
  }
  expect.fail('there was no race');
}

/** Waits until these rows have ended. No unit may be lost or doubled meanwhile. */
async function settled(env: Env, what: 'orders' | 'reservations'): Promise<UnitLedger> {
  const ledgers: UnitLedger[] = [];
  const ended = async () => {
    const ledger = await readLedger(env);
    ledgers.push(ledger);
    expect(Object.keys(ledger[what])).not.to.include(
      what === 'orders' ? 'PENDING_PAYMENT' : 'HELD',
    );
    return ledger;
  };
  const last = await eventually(ended, { everyMs: 100 });
  for (const { available, held, sold, reservations } of ledgers) {
    expect(available + held + sold).to.equal(UNITS);
    expect(held).to.equal(reservations['HELD'] ?? 0);
  }
  return last;
}

/** Answers with any other status and code than these. */
function others(answers: readonly ApiResponse[], ...expected: string[]): string[] {
  const said = answers.map(({ status, body }) => `${status} ${body.code ?? ''}`.trim());
  return [...new Set(said)].filter((line) => !expected.includes(line));
}

const withStatus = (answers: readonly ApiResponse[], status: number) =>
  answers.filter((answer) => answer.status === status);

describe('Two instances where many rows expire while customers confirm and pay', () => {
  it('end each of 1,000 reservations once: confirmed, or expired with an answer that says so', () =>
    race(async (shop, inMs) => {
      const plan = { count: 1_000, users: ['alice'], inMs, spreadMs: 2_000 };
      const productIds = await products(shop, 4);
      const planted = await plantReservations(shop.env, { ...plan, productIds });
      const answers = await raceToExpiry(planted, confirmer(shop));
      expect(others(answers, '201', '409 reservation_expired')).to.deep.equal([]);
      const confirmed = withStatus(answers, 201);
      const ledger = await settled(shop.env, 'reservations');
      const { CONFIRMED = 0, EXPIRED = 0 } = ledger.reservations;
      expect([CONFIRMED, EXPIRED]).to.deep.equal([confirmed.length, 1_000 - confirmed.length]);
      expect(ledger.sold).to.equal(confirmed.length);
      // One change for each new stock, each hold and each end. No row ended twice.
      expect(ledger.changes).to.equal(4 + 1_000 + 1_000);
      const alice = (await shop.two.user('alice'))();
      const orders = await readAll<{ id: string }>(alice, '/v1/orders');
      expect(orders.map(({ id }) => id)).to.have.members(confirmed.map(({ body }) => body.id));
      return confirmed.length > 0 && confirmed.length < 1_000;
    }));

  it('end each of 400 orders once: paid, or expired with an answer that says so', () =>
    race(async (shop, inMs) => {
      const names = [...'abcdef'];
      const users = new Map<string, () => ApiClient>();
      for (const name of names) users.set(name, await shop.two.user(name));
      const user = (name: string) => (users.get(name) as () => ApiClient)();
      for (const name of names) await user(name).post('/v1/wallets/me/charges', { amount: 1_000 });
      const productIds = await products(shop, 4);
      const plan = { count: 400, users: names, productIds, inMs, spreadMs: 1_500 };
      const answers = await raceToExpiry(await plantOrders(shop.env, plan), ({ id, userId }) =>
        user(userId).post(`/v1/orders/${id}/payments`, POINTS),
      );
      expect(others(answers, '201', '409 order_not_payable')).to.deep.equal([]);
      const paid = withStatus(answers, 201).length;
      const ledger = await settled(shop.env, 'orders');
      const { PAID = 0, EXPIRED = 0 } = ledger.orders;
      expect([PAID, EXPIRED]).to.deep.equal([paid, 400 - paid]);
      expect(ledger.sold).to.equal(paid);
      // A sale changes the stock once. Its expiry changes it once more.
      expect(ledger.changes).to.equal(4 + 400 + (400 - paid));
      const wallets = await Promise.all(names.map((name) => user(name).get('/v1/wallets/me')));
      const points = wallets.reduce((sum, { body }) => sum + body.balance, 0);
      expect(points).to.equal(names.length * 1_000 - 7 * paid);
      return paid > 0 && paid < 400;
    }));

  it('end each reservation once when only the database separates the processes', () =>
    openShop(
      async (shop) => {
        const productIds = await products(shop, 20);
        const plan = { count: 200, users: ['alice'], productIds, inMs: 1_500, spreadMs: 500 };
        const planted = await plantReservations(shop.env, plan);
        const answers = await raceToExpiry(planted, confirmer(shop));
        const said = ['201', '409 reservation_expired', '503 resource_busy'];
        expect(others(answers, ...said)).to.deep.equal([]);
        const ledger = await settled(shop.env, 'reservations');
        const confirmed = withStatus(answers, 201).length;
        expect(ledger.reservations['CONFIRMED'] ?? 0).to.equal(confirmed);
        expect(ledger.sold).to.equal(confirmed);
        expect(ledger.changes).to.equal(20 + 200 + 200);
      },
      { REDIS_URL: '' },
    ));

  it('continue under row locks when Redis goes down in the middle', async () => {
    await using redis: Server = await startRedis({ sources: ['docker', 'binary'] });
    await openShop(
      async (shop) => {
        const productIds = await products(shop, 1);
        const plan = { count: 200, users: ['alice'], productIds, inMs: 1_500, spreadMs: 1_000 };
        const planted = await plantReservations(shop.env, plan);
        const stopping = sleep(1_000).then(() => redis.stop('abruptly'));
        const answers = await raceToExpiry(planted, confirmer(shop));
        await stopping;
        const ledger = await settled(shop.env, 'reservations');
        expect(ledger.reservations['CONFIRMED'] ?? 0).to.equal(withStatus(answers, 201).length);
        expect(ledger.changes).to.equal(1 + 200 + 200);
      },
      { REDIS_URL: redis.url },
    );
  });
});

for (const { signal, ends, term } of [
  { signal: 'SIGKILL', ends: 'SIGKILL', term: '2000' },
  // It releases its leadership, because otherwise the other one would wait for a minute.
  { signal: 'SIGTERM', ends: 0, term: '60000' },
] as const) {
  describe(`An instance that gets ${signal} while it sweeps`, () => {
    /** Returns whether it left rows to the other instance. */
    async function endSweeper(shop: Shop, count: number): Promise<boolean> {
      const productIds = await products(shop, 1);
      const plan = { count, users: ['alice'], productIds, inMs: 1_000, spreadMs: 0 };
      await plantReservations(shop.env, plan);
      const expired = () => shop.two.counts('expired_total');
      const found = async () => {
        const sweeper = (await expired()).findIndex((swept) => swept > 0);
        expect(sweeper).to.be.at.least(0);
        return sweeper;
      };
      const sweeper = await eventually(found, { everyMs: 5 });
      const before = await expired();
      expect(await shop.two.instances[sweeper]?.end(signal)).to.equal(ends);
      const { held } = await readLedger(shop.env);
      const ledger = await settled(shop.env, 'reservations');
      expect(ledger.reservations).to.deep.equal({ EXPIRED: count });
      expect(ledger.changes).to.equal(1 + count + count);
      if (held === 0) return false;
      expect(before[1 - sweeper], 'beside the first').to.equal(0);
      expect((await expired())[1 - sweeper]).to.be.greaterThan(0);
      return true;
    }

    it('leaves the other rows to the second instance, which frees every unit once', async () => {
      // On a slow machine it may finish before it gets the signal.
      for (const count of [300, 1_200, 4_800]) {
        let hasLeft = false;
        const trial = async (shop: Shop) => {
          hasLeft = await endSweeper(shop, count);
        };
        await openShop(trial, { SWEEPER_LEASE_MS: term });
        if (hasLeft) return;
      }
      expect.fail('it had always swept everything');
    });
  });
}

describe('An instance whose database goes down while something is due', () => {
  it('frees the units when the database is back', async () => {
    await using database = await startMysql({ sources: ['docker', 'binary'] });
    await openShop(
      async (shop) => {
        const productIds = await products(shop, 1);
        const plan = { count: 20, users: ['alice'], productIds, inMs: 1_500, spreadMs: 0 };
        await plantReservations(shop.env, plan);
        await database.stop('abruptly');
        await sleep(2_500);
        await database.start();
        const ledger = await settled(shop.env, 'reservations');
        expect(ledger.changes).to.equal(1 + 20 + 20);
      },
      { DATABASE_URL: await database.createDatabase() },
    );
  });
});
