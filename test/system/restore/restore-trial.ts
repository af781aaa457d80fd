import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { deadLetterTopic } from '../../../src/adapters/queue/kafka/kafka-settings.js';
import { auditShop, auditSums } from '../../../tools/invariants/audit-ledgers.js';
import { readShopState } from '../../../tools/invariants/read-shop-state.js';
import { type Verdict, verdictOf } from '../../../tools/invariants/verdict.js';
import { type LoadShop, prepareShop } from '../../../tools/load/prepare-shop.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { ApiClient } from '../../support/api-client.js';
import type { Env } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { KafkaTopic } from '../../support/kafka-topic.js';
import { addProduct, orderOf, readAll } from '../../support/shop.js';
import { chargedOnce } from '../../support/traffic/customers.js';
import { FreshnessProbe } from '../faults/behind-nginx/freshness.js';
import { allSettle, nothingElse } from '../faults/behind-nginx/judge-traffic.js';
import type { FaultReport } from '../faults/support/fault-scenario.js';
import { runLastStep } from './last-step.js';
import { LostTime } from './lost-time.js';
import { lockProduct } from './product-lock.js';
import { TablesView } from './tables-view.js';
import { Trade, type Traded } from './trade.js';

const STOCKING = { products: 4, units: 100_000, customers: 8 };
const TRADE_MS = 1_000;
const UNITS = 10;
/** Settlements wait for a lock and for pauses after failures. */
const WAIT = { withinMs: 60_000, everyMs: 100 };
const TERMS = {
  // A new cache stores nothing for this time, and it must be longer than a statement.
  CACHE_HOLD_OFF_MS: '5000',
  DB_QUERY_MS: '4000',
  // A stop waits no longer than this for the product that the trial locks.
  LOCK_WAIT_MS: '2000',
  OUTBOX_LEASE_MS: '1000',
};

/** Where the shop runs, and how its database is saved and replaced. */
export interface RestoreRun {
  /** Redis is part of it; Kafka may be. */
  readonly env: Env;
  readonly instances: 1 | 2;
  /** While the shop trades. */
  save(): Promise<void>;
  /** While no instance runs. */
  restore(): Promise<void>;
}

/** Saves a shop that trades, lets it trade on, restores it, and trades again on the same Redis and Kafka. */
export class RestoreTrial {
  readonly #done: string[] = [];
  readonly #begun = performance.now();
  readonly #env: Env;

  constructor(private readonly run: RestoreRun) {
    this.#env = { ...run.env, ...TERMS };
  }

  async report(): Promise<FaultReport> {
    await using before = await this.#start();
    const past = await this.#prepare(before.urls);
    const traded = await this.#trade(past.kept, 'before', before.urls);
    await using lock = await this.#saveAndLose(past, before.urls);
    await before.stop();
    await lock.release();
    this.#did('all instances stopped');
    await this.run.restore();
    this.#did('the database restored');
    const shown = await this.#withoutLastStep(past.lost);
    const queued = await runLastStep(this.#env);
    this.#did(`the last step: ${queued} order requests queued again`);
    await using after = await this.#start();
    const buyer = await this.#client(after.urls[0], 'buyer');
    const gone = await past.lost.isGone(after.urls, buyer);
    const fresh = await this.#probe(past, after.urls);
    const tradedAgain = await this.#trade(past.kept, 'after', after.urls);
    this.#did('traded again');
    return {
      done: this.#done,
      verdicts: [
        shown,
        gone,
        await fresh.stop(),
        await this.#settledOnce(past, buyer, queued),
        ...(await this.#drained()),
        ...(await this.#audit(past, after.urls[0], [traded, tradedAgain])),
        await this.#tokenRises(past.scarce, lock.token),
      ],
      figures: [],
    };
  }

  async #prepare(urls: Urls): Promise<Past> {
    const [first, second] = urls;
    const admin = await this.#client(first, 'operator', 'admin');
    return {
      // On a busy machine a change of a product may be refused at first.
      kept: await eventually(() => prepareShop(first, this.#env, STOCKING)),
      torn: await eventually(() => prepareShop(second, this.#env, STOCKING)),
      scarce: await eventually(() => addProduct(admin, { stock: UNITS })),
      lost: await eventually(() => LostTime.begin(admin, 'watched')),
    };
  }

  async #trade(shop: LoadShop, run: string, urls: Urls): Promise<Traded> {
    using trade = new Trade(shop, run, urls);
    await sleep(TRADE_MS);
    // With its end awaited: the trade is disposed of at the return, and would ask for nothing more.
    return await trade.stop();
  }

  /** The database is saved in the middle of a trade. Returns the lock that keeps a lost request in the queue. */
  async #saveAndLose({ torn, scarce, lost }: Past, urls: Urls) {
    const [first] = urls;
    const buyer = await this.#client(first, 'buyer');
    using trade = new Trade(torn, 'torn', urls);
    await sleep(TRADE_MS / 2);
    const open = await this.#saveWithOpenRequest(buyer, scarce);
    await sleep(TRADE_MS / 2);
    await trade.stop();
    // Its message is consumed in the lost time, so Kafka does not deliver it again.
    await settled(buyer, open);
    await lost.change(urls, buyer);
    const again = await this.#lock(scarce);
    lost.lose(await this.#queueOrder(buyer, scarce));
    return again;
  }

  async #saveWithOpenRequest(buyer: ApiClient, productId: string): Promise<string> {
    await using _locked = await this.#lock(productId);
    const request = await this.#queueOrder(buyer, productId);
    await this.run.save();
    this.#did('saved during a trade');
    return request;
  }

  /** Resolves when its message has left the outbox for Kafka; its product is locked. */
  async #queueOrder(buyer: ApiClient, productId: string): Promise<string> {
    const headers = { Prefer: 'respond-async' };
    const answer = await buyer.post('/v1/orders', orderOf(productId), headers);
    expect(answer.status).to.equal(202);
    await using tables = await TablesView.open(this.#env);
    await eventually(async () => {
      if (this.#usesKafka) expect(await tables.holds(answer.body.id)).to.equal(false);
    });
    return answer.headers.get('location') ?? '';
  }

  /** An instance without Kafka, so that it consumes nothing. */
  async #withoutLastStep(lost: LostTime): Promise<Verdict> {
    const { KAFKA_BROKERS: _, ...alone } = this.#env;
    await using instance = await InstanceProcess.start(alone);
    const shown = await lost.isShown(instance.url);
    await instance.end('SIGTERM');
    return shown;
  }

  async #probe({ lost }: Past, urls: Urls): Promise<FreshnessProbe> {
    const admin = await this.#client(urls[0], 'operator', 'admin');
    const clients = new Map(urls.map((url) => [url, new ApiClient(url)]));
    return new FreshnessProbe(admin, clients, `/v1/products/${lost.watched}`);
  }

  async #settledOnce({ scarce }: Past, buyer: ApiClient, queued: number): Promise<Verdict> {
    const broken: string[] = [];
    await using tables = await TablesView.open(this.#env);
    await eventually(async () => expect(await tables.openRequests()).to.equal(0), WAIT).catch(
      (error: Error) => broken.push(`requests in the queue: ${error.message}`),
    );
    const orders = await readAll<{ id: string }>(buyer, '/v1/orders');
    const { body } = await buyer.get(`/v1/products/${scarce}/stock`);
    if (orders.length !== 1 || body.available !== UNITS - 1) {
      broken.push(`${orders.length} orders, ${body.available} of ${UNITS} units left`);
    }
    // Without Kafka the instance before the last step has settled it.
    if (this.#usesKafka && queued === 0) broken.push('no request was queued again');
    return verdictOf('a request that the backup knows is settled once', 1, broken);
  }

  async #drained(): Promise<Verdict[]> {
    await using tables = await TablesView.open(this.#env);
    const broken: string[] = [];
    for (const channel of ['orders', 'events'] as const) {
      await eventually(
        async () => expect(await tables.outboxSize(channel)).to.equal(0),
        WAIT,
      ).catch((error: Error) => broken.push(`${channel}: ${error.message}`));
    }
    const drained = verdictOf('the outbox drains', 2, broken);
    const { KAFKA_BROKERS: brokers = '', KAFKA_TOPIC: topic = '' } = this.#env;
    if (!this.#usesKafka) return [drained];
    const letters = await new KafkaTopic(brokers, deadLetterTopic(topic)).read();
    const values = letters.map(({ value, headers }) => `${value}: ${headers['cause']}`);
    return [drained, verdictOf('no message is a dead letter', 1, values)];
  }

  async #audit({ kept, torn }: Past, url: string, trades: readonly Traded[]): Promise<Verdict[]> {
    const orders = trades.flatMap((trade) => trade.orders);
    const requests = trades.flatMap((trade) => trade.requests);
    const unsettled = trades.flatMap((trade) => trade.unsettled);
    const state = await readShopState({ ...kept, url }, orders);
    const charges = trades.flatMap(({ customers }) => [...customers.charges]);
    const sums = new Map<string, number>();
    for (const [user, count] of charges) sums.set(user, (sums.get(user) ?? 0) + count);
    return [
      ...auditShop(state),
      ...auditSums(await readShopState({ ...torn, url }, [])),
      ...chargedOnce({ charges: sums, chargesSent: sums }, state.customers),
      nothingElse({ requests }, { from: this.#begun, to: performance.now() }),
      allSettle({ requests, unsettled }),
      ...trades.flatMap(({ customers }) => customers.verdicts),
    ];
  }

  async #tokenRises(productId: string, before: number): Promise<Verdict> {
    await using lease = await this.#lock(productId);
    const broken = lease.token > before ? [] : [`${lease.token} after ${before}`];
    return verdictOf('fencing tokens rise', 1, broken);
  }

  async #lock(productId: string) {
    await using tables = await TablesView.open(this.#env);
    return lockProduct(this.#env['REDIS_URL'] ?? '', await tables.installationId(), productId);
  }

  async #start(): Promise<Instances> {
    const starting = Array.from({ length: this.run.instances }, () =>
      InstanceProcess.start(this.#env),
    );
    return new Instances(await Promise.all(starting));
  }

  #client(url: string, user: string, role: 'customer' | 'admin' = 'customer') {
    return ApiClient.of(url, this.#env, user, role);
  }

  get #usesKafka(): boolean {
    return this.#env['KAFKA_BROKERS'] !== undefined;
  }

  #did(what: string): void {
    this.#done.push(`${((performance.now() - this.#begun) / 1_000).toFixed(1)} s  ${what}`);
  }
}

/** The addresses of the first and the last instance; the same where there is only one. */
type Urls = readonly [string, string];

interface Past {
  /** It trades before the backup and after the restore. */
  readonly kept: LoadShop;
  /** It trades during the backup. */
  readonly torn: LoadShop;
  /** Its requests wait in the queue while the trial has its lock. */
  readonly scarce: string;
  readonly lost: LostTime;
}

class Instances implements AsyncDisposable {
  constructor(private readonly processes: readonly InstanceProcess[]) {}

  get urls(): Urls {
    const urls = this.processes.map(({ url }) => url);
    return [urls[0] ?? '', urls.at(-1) ?? ''];
  }

  async stop(): Promise<void> {
    const ended = await Promise.all(this.processes.map((each) => each.end('SIGTERM')));
    expect(ended).to.deep.equal(ended.map(() => 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.processes.map((each) => each[Symbol.asyncDispose]()));
  }
}

async function settled(buyer: ApiClient, path: string): Promise<void> {
  await eventually(
    async () => expect((await buyer.get(path)).body.status).to.equal('CONFIRMED'),
    WAIT,
  );
}
