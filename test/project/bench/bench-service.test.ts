import { expect } from 'chai';
import type { RowDataPacket } from 'mysql2/promise';
import { BALANCE, UNITS } from '../../../bench/service/contestant.js';
import { CONTESTANTS } from '../../../bench/service/contestants.js';
import {
  CANCELLATION_20,
  CHARGE_20,
  FULL_PLAN,
  HAND_WRITTEN,
  ONE_ALONE_KEY,
  OWN,
  PAYMENT_20,
  planFor,
  SAME_GUARANTEES,
  type Scenario,
} from '../../../bench/service/plan.js';
import type { ServiceReport } from '../../../bench/service/report/report.js';
import { markdownReport } from '../../../bench/service/report/report-markdown.js';
import { svgReport } from '../../../bench/service/report/report-plot.js';
import { judge } from '../../../bench/service/report/thresholds.js';
import { runService } from '../../../bench/service/run-service.js';
import type { Sample } from '../../../bench/service/sample.js';
import { UsageError } from '../../../src/commands/command-line.js';
import type { DatabaseServer } from '../../../tools/servers/mysql/database-server.js';
import { withConnection } from '../../../tools/servers/mysql/mysql-connection.js';
import { startMysql } from '../../../tools/servers/mysql/start-mysql.js';
import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../tools/servers/server.js';

const sample: Sample = {
  ...{
    contestant: OWN,
    scenario: CHARGE_20.id,
    round: 0,
    perSecond: 1,
    p50Ms: 1,
    p99Ms: 1,
    maxMs: 1,
  },
  ...{ cpuMs: 2, statements: 1, commands: 1, connections: 1, residentMb: 1, refusals: {} },
};

/** The same scenario with fewer prepared orders, so that the shop is filled quickly. */
function withFewOrders(scenario: Scenario): Scenario {
  return scenario.placed ? { ...scenario, placed: { ...scenario.placed, count: 2_000 } } : scenario;
}

describe('The service benchmark', function () {
  this.timeout(120_000);
  let database: DatabaseServer;
  let redis: Server;

  before(async () => {
    database = await startMysql();
    redis = await startRedis();
  });

  after(async () => {
    await database?.close();
    await redis?.close();
  });

  /** Runs a scenario with a contestant, and then returns the first row of `sql` from its database. */
  async function play(scenario: Scenario, contestant: string, sql: string) {
    const databaseUrl = await database.createDatabase();
    const plan = { rounds: 1, ms: 200, warmUpMs: 0, scenarios: [scenario] };
    const one = CONTESTANTS.filter(({ id }) => id === contestant);
    const makeServers = async () => ({ databaseUrl, redisUrl: redis.url });
    const [result] = await runService(makeServers, one, plan, () => undefined);
    const [[left]] = await withConnection(databaseUrl, (connection) =>
      connection.query<RowDataPacket[]>(sql),
    );
    expect(result?.refusals).to.deep.equal({});
    return Object.fromEntries(Object.entries(left ?? {}).map(([name, n]) => [name, Number(n)]));
  }

  it('stores stock, order, item and idempotency record by hand as Lockstep does', async () => {
    const sql = `SELECT (SELECT COUNT(*) FROM orders) AS orders, (SELECT COUNT(*) FROM order_items) AS items,
      (SELECT COUNT(*) FROM answers) AS answers, (SELECT SUM(available) FROM stocks) AS available`;
    const { orders = 0, ...left } = await play(ONE_ALONE_KEY, SAME_GUARANTEES, sql);
    expect(orders).to.be.greaterThan(0);
    expect(left).to.deep.equal({ items: orders, answers: orders, available: UNITS - orders });
  });

  for (const contestant of [HAND_WRITTEN, SAME_GUARANTEES]) {
    it(`adds each charge to a wallet and its ledger: ${contestant}`, async () => {
      const sql = `SELECT (SELECT SUM(balance) FROM wallets) AS points, COUNT(*) AS entries,
        SUM(amount) AS charged FROM wallet_entries`;
      const { entries = 0, ...left } = await play(CHARGE_20, contestant, sql);
      expect(entries).to.be.greaterThan(0);
      expect(left).to.deep.equal({ points: 1_000 * BALANCE + entries, charged: entries });
    });
  }

  for (const contestant of [OWN, HAND_WRITTEN, SAME_GUARANTEES]) {
    it(`pays orders with points: ${contestant}`, async () => {
      const sql = `SELECT (SELECT COUNT(*) FROM payments) AS payments, (SELECT SUM(balance) FROM wallets) AS points,
        (SELECT COUNT(*) FROM wallet_entries) AS entries, COUNT(*) AS paid FROM orders WHERE status = 'PAID'`;
      const { paid = 0, ...left } = await play(withFewOrders(PAYMENT_20), contestant, sql);
      expect(paid).to.be.greaterThan(0);
      expect(left).to.deep.equal({
        ...{ payments: paid, entries: paid },
        points: 1_000 * BALANCE - 100 * paid,
      });
    });

    it(`refunds the payments of cancelled orders and returns their units: ${contestant}`, async () => {
      const sql = `SELECT (SELECT COUNT(*) FROM payments WHERE status = 'REFUNDED') AS refunds,
        (SELECT SUM(balance) FROM wallets) AS points, (SELECT SUM(available) FROM stocks) AS available,
        COUNT(*) AS cancelled FROM orders WHERE status = 'CANCELLED'`;
      const { cancelled = 0, ...left } = await play(
        withFewOrders(CANCELLATION_20),
        contestant,
        sql,
      );
      expect(cancelled).to.be.greaterThan(0);
      expect(left).to.deep.equal({
        ...{ refunds: cancelled, available: 100 * UNITS + cancelled },
        points: 1_000 * BALANCE + 100 * cancelled,
      });
    });
  }

  it('judges a ratio by its medians and shows the floor beside it', () => {
    const samples = [
      ...[5, 6, 4].map((cpuMs, round) => ({ ...sample, cpuMs, round })),
      ...[2, 1, 2].map((cpuMs, round) => ({ ...sample, contestant: HAND_WRITTEN, cpuMs, round })),
      { ...sample, contestant: SAME_GUARANTEES, cpuMs: 3 },
    ];
    const thresholds = judge(samples, { ...FULL_PLAN, growth: undefined });
    expect(thresholds).to.have.lengthOf(1);
    expect(thresholds[0]).to.include({
      passed: true,
      measured: '2.50',
      spread: '2.00–6.00',
      floor: '1.50',
    });
  });

  it('judges nothing without samples', () => {
    expect(judge([], FULL_PLAN)).to.deep.equal([]);
  });

  it('reports what was measured of the scenarios of the plan', () => {
    const plan = planFor({ ...FULL_PLAN, growth: undefined }, 'charges');
    const report: ServiceReport = {
      ...{
        command: 'command',
        plan,
        samples: [sample],
        thresholds: [],
        date: '2026-01-01',
        seconds: 1,
      },
      ...{
        versions: {},
        database: 'MySQL 8.4',
        machine: {
          cores: 2,
          cpu: '',
          system: '',
          node: '',
          redis: '',
          loadBefore: 0,
          loadAfter: 0,
        },
      },
    };
    expect(markdownReport(report)).to.match(/### charges.*\n[^#]*Lockstep/);
    expect(svgReport(report)).to.match(/^<svg .*>Lockstep<.*>charges.*<\/svg>\n$/s);
  });

  it('names all scenarios when none is chosen', () => {
    expect(() => planFor(FULL_PLAN, 'refunds of')).to.throw(UsageError, CHARGE_20.id);
    expect(planFor(FULL_PLAN, 'growth')).to.include({ growth: FULL_PLAN.growth });
  });
});
