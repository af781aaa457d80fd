import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { ServiceIdentifier } from 'inversify';
import { createSandbox } from 'sinon';
import { v7 } from 'uuid';
import { CountLikes } from '../../../src/application/catalogue/count-likes.js';
import { SettleOrderRequests } from '../../../src/application/order-queue/settle-order-requests.js';
import { RefreshRanking } from '../../../src/application/popularity/refresh-ranking.js';
import { ExpireReservation } from '../../../src/application/reservations/expire-reservation.js';
import { Installation } from '../../../src/config/modules/sql-bindings.js';
import { EventStream } from '../../../src/domain/events/outbox.js';
import { PaymentGateway } from '../../../src/domain/payments/payment-gateway.js';
import { CachePort } from '../../../src/domain/ports/cache-port.js';
import { ConcurrentUpdateError } from '../../../src/domain/ports/failures.js';
import { LockPort } from '../../../src/domain/ports/lock-port.js';
import { TransactionPort } from '../../../src/domain/ports/transaction-port.js';
import { UnitOfWork } from '../../../src/domain/ports/unit-of-work.js';
import { watchFigures } from '../../../tools/cluster/watch/watch-figures.js';
import { projectRoot } from '../../../tools/project-root.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { prometheusKind } from '../../../tools/servers/prometheus/prometheus-kind.js';
import { askRedis } from '../../../tools/servers/redis/ask-redis.js';
import type { Server } from '../../../tools/servers/server.js';
import { bringUp } from '../../../tools/servers/sources/bring-up.js';
import { send } from '../../adapters/http/support/raw-http.js';
import type { ApiClient } from '../../support/api-client.js';
import { blockEventLoop } from '../../support/block-event-loop.js';
import { KafkaTopic } from '../../support/kafka-topic.js';
import { rejection } from '../../support/rejection.js';
import { addProduct, orderOf, tally } from '../../support/shop.js';
import { Figures } from './support/figures.js';
import { type MeteredShop, startMeteredShop } from './support/metered-shop.js';

const MORE = 'more';
const ASYNC = { Prefer: 'respond-async' };

describe('Every metric moves', function () {
  this.timeout(120_000);
  const sandbox = createSandbox();
  const figures = new Figures(() => shop.anyone);
  let shop: MeteredShop;
  let user: ApiClient;
  let productId: string;
  let prometheus: Server;

  before(async () => {
    shop = await startMeteredShop();
    user = await shop.customer('alice');
    // A machine that is busy may take longer than a write intent lasts.
    productId = await eventually(() => addProduct(shop.admin, { stock: 1_000 }));
    await user.post('/v1/wallets/me/charges', { amount: 1_000_000 });
    const targets = [new URL(shop.service.url).host];
    prometheus = await bringUp(prometheusKind(targets), { sources: ['binary'] });
  });

  afterEach(() => sandbox.restore());
  after(async () => {
    await prometheus?.close();
    await shop?.[Symbol.asyncDispose]();
  });

  const port = <T>(id: ServiceIdentifier<T>): T => shop.service.container.get<T>(id);
  const otherPort = <T>(id: ServiceIdentifier<T>): T => shop.other.get<T>(id);
  const order = async () => (await user.post('/v1/orders', orderOf(productId))).body.id as string;

  describe('of requests', () => {
    it('with the answer to a request', () =>
      figures.expectMoved(
        { 'http_server_request_duration_seconds{http_route="/v1/products/{id}/stock"}': 1 },
        async () => {
          await shop.admin.get(`/v1/products/${productId}/stock`);
        },
      ));

    it('when a client sends too many requests on one connection', () =>
      figures.expectMoved({ 'http_connections_cut_off_total{reason="pipelined"}': 1 }, async () => {
        const health = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
        (await send(shop.service.url, health.repeat(1_300))).resume();
      }));
  });

  describe('of limits', () => {
    it('with reads of an address beyond its limit', () =>
      figures.expectMoved({ 'http_requests_refused_total{limit="address-reads"}': MORE }, () =>
        // The window may end between two of them.
        eventually(async () => {
          const from = { 'X-Forwarded-For': '203.0.113.1' };
          const { status } = await shop.anyone.get('/v1/products', from);
          expect(status).to.equal(429);
        }),
      ));

    it('with an event loop that is late for long', () =>
      figures.expectMoved(
        { 'http_requests_refused_total{limit="overload"}': MORE, http_overloaded: 1 },
        async () => {
          // The service is in this process. Its metrics are read while the loop is still late.
          const state = new AsyncDisposableStack();
          const blocking = setInterval(() => blockEventLoop(1_300));
          state.defer(async () => {
            clearInterval(blocking);
            await eventually(async () => {
              expect((await shop.anyone.get('/v1/products')).status).to.equal(200);
            });
          });
          await eventually(async () => {
            const { body } = await shop.anyone.get('/v1/products');
            // A database that answers too late for a blocked loop is another 503.
            expect(body.code).to.equal('overloaded');
          });
          return state;
        },
      ));
  });

  describe('of the lock', () => {
    it('with a wait that ends, a hold, and a handoff in the process', () =>
      figures.expectMoved(
        {
          'lock_wait_seconds{outcome="granted"}': MORE,
          lock_hold_seconds: MORE,
          lock_contended_total: MORE,
          'lock_handoffs_total{by="memory"}': MORE,
        },
        async () => {
          const first = await port(LockPort).acquire(['wallet:handoff']);
          const second = port(LockPort).acquire(['wallet:handoff']);
          await first.release();
          await (await second).release();
        },
      ));

    it('with a handoff to another instance', () =>
      figures.expectMoved({ 'lock_handoffs_total{by="service"}': MORE }, async () => {
        const theirs = await otherPort(LockPort).acquire(['wallet:elsewhere']);
        const ours = port(LockPort).acquire(['wallet:elsewhere']);
        // It waits in Redis once its request was answered.
        await eventually(async () => {
          const queues = await askRedis(shop.redis.url, ['KEYS', '*wallet:elsewhere*']);
          expect(queues).to.have.length.above(1);
        });
        await theirs.release();
        await (await ours).release();
      }));

    it('when a wait ends without a grant', () =>
      figures.expectMoved({ 'lock_wait_seconds{outcome="busy"}': 1 }, async () => {
        await using _held = await otherPort(LockPort).acquire(['wallet:busy']);
        await rejection(port(LockPort).acquire(['wallet:busy'], { waitMs: 0 }));
      }));

    it('when too many wait', () =>
      figures.expectMoved(
        {
          'lock_wait_seconds{outcome="refused"}': MORE,
          'lease_group_wait_seconds{outcome="refused"}': MORE,
        },
        async () => {
          await using held = await otherPort(LockPort).acquire([
            `stock:${productId}`,
            'wallet:full',
          ]);
          const waits = Array.from({ length: 25 }, () =>
            port(LockPort)
              .acquire(['wallet:full'])
              .then((lease) => lease.release())
              .catch(() => {}),
          );
          const orders = Array.from({ length: 25 }, () =>
            user.post('/v1/orders', orderOf(productId)),
          );
          await Promise.race(waits);
          await Promise.race(orders);
          await held.release();
          await Promise.all(waits);
          expect(tally(await Promise.all(orders))).to.have.property('503');
        },
      ));

    it('when Redis loses a lease', () =>
      figures.expectMoved({ lock_leases_lost_total: MORE }, async () => {
        const lease = await port(LockPort).acquire(['wallet:lost']);
        const keys = (await askRedis(shop.redis.url, ['KEYS', '*wallet:lost*'])) as string[];
        expect(keys).to.have.length.above(0);
        await askRedis(shop.redis.url, ['DEL', ...keys]);
        await eventually(() => expect(lease.signal.aborted).to.equal(true));
        await lease.release();
      }));
  });

  describe('of transactions', () => {
    it('with orders that share a lease and a transaction', () =>
      figures.expectMoved(
        {
          'transactions_total{outcome="committed"}': MORE,
          transaction_units: MORE,
          'lease_group_wait_seconds{outcome="granted"}': 12,
        },
        async () => {
          const held = await otherPort(LockPort).acquire([`stock:${productId}`]);
          const orders = Array.from({ length: 12 }, order);
          await figures.value('transactions_total');
          await held.release();
          await Promise.all(orders);
        },
      ));

    it('with a row that another transaction changed', () =>
      figures.expectMoved(
        { 'transactions_total{outcome="conflict"}': MORE, unit_of_work_retries_total: MORE },
        async () => {
          for (const batch of [undefined, { buyers: [], counted: [] }]) {
            let runs = 0;
            await port(UnitOfWork).run({ locks: ['wallet:conflict'], batch }, async () => {
              runs += 1;
              if (runs === 1) throw new ConcurrentUpdateError('changed');
            });
            expect(runs).to.equal(2);
          }
        },
      ));

    it('with a mistake of ours', () =>
      figures.expectMoved({ 'transactions_total{outcome="failed"}': MORE }, async () => {
        const failing = async () => Promise.reject(new TypeError('a mistake'));
        await rejection(port(UnitOfWork).run({ locks: ['wallet:mistake'] }, failing));
      }));

    it('with connections in use, and with transactions that wait for one', () =>
      figures.expectMoved(
        {
          'db_client_connection_count{db_client_connection_state="used"}': MORE,
          db_client_connection_pending_requests: MORE,
        },
        async () => {
          const begun = Array.from({ length: 9 }, () => port(TransactionPort).begin());
          const state = new AsyncDisposableStack();
          state.defer(async () => {
            await Promise.all(begun.map(async (each) => (await each).rollback()));
          });
          await Promise.race(begun);
          return state;
        },
      ));

    it('with the setting of the pool', async () => {
      expect(await figures.value('db_client_connection_max')).to.equal(6);
      figures.moved.add('db_client_connection_max');
    });
  });

  describe('of the cache', () => {
    const stored = { text: 'text' };

    it('with reads from each level, loads, and entries that make room', () =>
      figures.expectMoved(
        {
          'cache_reads_total{source="stored"}': MORE,
          'cache_reads_total{source="l1"}': MORE,
          'cache_reads_total{source="l2"}': MORE,
          cache_loads_total: MORE,
          cache_evictions_total: MORE,
        },
        async () => {
          // A new Redis keeps nothing for the life of a write intent.
          await eventually(async () => {
            const { source } = await port(CachePort).read({ key: v7() }, async () => stored);
            expect(source).to.equal('stored');
          });
          for (const key of ['test:1', 'test:1', 'test:2', 'test:3', 'test:4', 'test:1']) {
            await port(CachePort).read({ key }, async () => stored);
          }
        },
      ));

    it('with a fill that a write overtakes', () =>
      figures.expectMoved({ cache_fills_refused_total: MORE }, () =>
        eventually(async () => {
          const before = await figures.value('cache_fills_refused_total');
          await port(CachePort).read({ key: 'test:overtaken' }, async () => {
            await (await otherPort(CachePort).beginWrite(['test:overtaken'])).end();
            return stored;
          });
          expect(await figures.value('cache_fills_refused_total')).to.be.above(before);
        }),
      ));

    it('with a write of another instance, and its staleness with a write of this one', () =>
      figures.expectMoved(
        { 'cache_invalidations_total{by="message"}': MORE, cache_staleness_seconds: MORE },
        async () => {
          await (await otherPort(CachePort).beginWrite(['test:1'])).end();
          await eventually(async () => {
            const body = { price: 101 };
            const { status } = await shop.admin.patch(`/v1/products/${productId}`, body);
            expect(status).to.equal(200);
          });
        },
      ));

    it('with a message that names another one before it', () =>
      figures.expectMoved({ cache_gaps_total: MORE }, async () => {
        const channel = `{lockstep:cache:2:${port(Installation).id}}:invalidations`;
        const message = 'another-epoch 5 6 ended test:1';
        await askRedis(shop.redis.url, ['PUBLISH', channel, message]);
      }));

    it('with a write whose message is lost', () =>
      figures.expectMoved({ 'cache_invalidations_total{by="replay"}': MORE }, () =>
        eventually(async () => {
          const replays = 'cache_invalidations_total{by="replay"}';
          const before = await figures.value(replays);
          await askRedis(shop.redis.url, ['CLIENT', 'KILL', 'TYPE', 'pubsub']);
          await (await otherPort(CachePort).beginWrite(['test:1'])).end();
          await eventually(async () => expect(await figures.value(replays)).to.be.above(before), {
            withinMs: 1_000,
          });
        }),
      ));
  });

  describe('of orders, reservations and payments', () => {
    it('with unpaid orders and held reservations', () =>
      figures.expectMoved({ orders_unpaid: 1, reservations_held: 1 }, async () => {
        await order();
        const body = { productId, quantity: 1, holdSeconds: 3_600 };
        expect((await user.post('/v1/reservations', body)).status).to.equal(201);
      }));

    it('with a reservation that expires, in spite of a first failure', async () => {
      const expire = port(ExpireReservation);
      const failing = sandbox.stub(expire, 'execute').rejects(new TypeError('a mistake'));
      const kind = '{of="reservation"}';
      await figures.expectMoved({ [`expiry_failures_total${kind}`]: MORE }, async () => {
        const body = { productId, quantity: 1, holdSeconds: 1 };
        expect((await user.post('/v1/reservations', body)).status).to.equal(201);
      });
      const increases = { [`expired_total${kind}`]: 1, [`expiry_lag_seconds${kind}`]: 1 };
      await figures.expectMoved(increases, async () => failing.restore());
    });

    it('with a card payment that stops half way', async () => {
      const gateway = port(PaymentGateway);
      const failing = sandbox.stub(gateway, 'capture').rejects(new TypeError('a mistake'));
      const orderId = await order();
      const pay = () =>
        user.post(`/v1/orders/${orderId}/payments`, { method: 'card', token: 'tok_success' });
      await figures.expectMoved(
        {
          'card_payments_open{status="CONFIRMED"}': 1,
          card_payment_failures_total: MORE,
          'payment_gateway_seconds{call="authorise"}': 1,
        },
        async () => {
          await pay();
        },
      );
      const captured = 'card_payment_transitions_total{to="CAPTURED"}';
      await figures.expectMoved({ [captured]: 1, card_payments_open: -1 }, async () => {
        failing.restore();
      });
    });

    it('with a like, in spite of a first failure of its count', async () => {
      const failing = sandbox.stub(port(CountLikes), 'execute').rejects(new TypeError('a mistake'));
      const failures = {
        likes_count_failures_total: MORE,
        'job_failures_total{job_name="count-likes"}': MORE,
      } as const;
      await figures.expectMoved(failures, async () => {
        await user.send('PUT', `/v1/products/${productId}/likes/me`);
      });
      const ended = 'job_last_success_timestamp_seconds{job_name="count-likes"}';
      await figures.expectMoved({ likes_counted_total: 1, [ended]: MORE }, async () =>
        failing.restore(),
      );
    });

    it('with a customer who pays, in spite of a first failure of the rankings', async () => {
      const failing = sandbox
        .stub(port(RefreshRanking), 'execute')
        .rejects(new TypeError('a mistake'));
      await figures.expectMoved({ popular_failures_total: MORE }, async () => {});
      await figures.expectMoved({ 'popular_buyers{window="5m"}': MORE }, async () => {
        failing.restore();
        const bob = await shop.customer('bob');
        await bob.post('/v1/wallets/me/charges', { amount: 1_000 });
        const { body } = await bob.post('/v1/orders', orderOf(productId));
        const paid = await bob.post(`/v1/orders/${body.id}/payments`, { method: 'points' });
        expect(paid.status).to.equal(201);
      });
    });
  });

  describe('of the queue', () => {
    it('with an order request that is settled and, later, removed', () =>
      figures.expectMoved(
        {
          'order_requests_settled_total{outcome="confirmed"}': 1,
          order_settlement_seconds: 1,
          order_requests_forgotten_total: 1,
        },
        async () => {
          expect((await user.post('/v1/orders', orderOf(productId), ASYNC)).status).to.equal(202);
        },
      ));

    it('with order requests that wait in Kafka', () => {
      const settling = port(SettleOrderRequests);
      const settle = settling.execute.bind(settling);
      const held = Promise.withResolvers<void>();
      sandbox.stub(settling, 'execute').callsFake(async (ids) => {
        await held.promise;
        await settle(ids);
      });
      return figures.expectMoved(
        { 'kafka_consumergroup_lag{channel="orders"}': MORE },
        async () => {
          for (let i = 0; i < 3; i += 1) await user.post('/v1/orders', orderOf(productId), ASYNC);
          const state = new AsyncDisposableStack();
          state.defer(() => held.resolve());
          return state;
        },
      );
    });

    it('with events that are not published', () => {
      const stream = port(EventStream);
      const publish = stream.publish.bind(stream);
      const held = Promise.withResolvers<void>();
      sandbox.stub(stream, 'publish').callsFake(async (...args) => {
        await held.promise;
        await publish(...args);
      });
      const events = '{channel="events"}';
      const increases = {
        [`outbox_entries${events}`]: MORE,
        [`outbox_oldest_seconds${events}`]: MORE,
      } as const;
      return figures.expectMoved(increases, async () => {
        await order();
        const state = new AsyncDisposableStack();
        state.defer(() => held.resolve());
        return state;
      });
    });

    it('with messages that cannot be read', () =>
      figures.expectMoved(
        { 'dead_letters{channel="orders"}': 1, 'dead_letters{channel="events"}': 1 },
        async () => {
          const { KAFKA_BROKERS = '', KAFKA_TOPIC = '' } = shop.env;
          for (const name of [KAFKA_TOPIC, `${KAFKA_TOPIC}.events`]) {
            const topic = new KafkaTopic(KAFKA_BROKERS, name);
            await topic.write([{ key: 'x', value: 'no message of ours' }]);
          }
        },
      ));
  });

  describe('of a Redis that goes down', () => {
    it('with its end, and back with its start', async () => {
      await eventually(async () => {
        expect(await figures.value('lock_circuit_open')).to.equal(0);
        expect(await figures.value('cache_in_sync')).to.equal(1);
      });
      await figures.expectMoved(
        {
          lock_fallbacks_total: MORE,
          lock_circuit_open: 1,
          cache_in_sync: -1,
          cache_out_of_sync_seconds_total: MORE,
        },
        async () => {
          await shop.redis.stop('abruptly');
          await (await port(LockPort).acquire(['wallet:down'])).release();
        },
      );
      await figures.expectMoved(
        {
          lock_circuit_open: -1,
          cache_in_sync: 1,
          'cache_invalidations_total{by="drop"}': MORE,
        },
        async () => {
          await shop.redis.start('empty');
          await eventually(async () => {
            await using lease = await port(LockPort).acquire(['wallet:down']);
            expect(lease.unguardedKeys).to.equal(undefined);
          });
        },
      );
    });
  });

  describe('of the process, and all together', () => {
    it('the process moves its own', async () => {
      const names = (await figures.described()).map(({ name }) => name);
      for (const name of names.filter((each) => /^(process|nodejs)_/.test(each))) {
        await eventually(async () => expect(await figures.value(name), name).to.be.above(0));
        figures.moved.add(name);
      }
    });

    it('there is no metric that none of these tests moves', async () => {
      const names = (await figures.described()).map(({ name }) => name);
      expect(names).to.have.length.above(50);
      expect(names.filter((name) => !figures.moved.has(name))).to.deep.equal([]);
    });

    it('docs/operations/metrics.md lists each with its type, labels and help', async () => {
      const page = readFileSync(path.join(projectRoot, 'docs', 'operations', 'metrics.md'), 'utf8');
      const rows = page.split('\n').filter((line) => line.startsWith('| `'));
      const labels = await figures.labels();
      const expected = (await figures.described()).map(({ name, type, help }) => {
        const own = [...(labels.get(name) ?? [])].filter((each) => !ALWAYS.includes(each));
        const shown = own.map((label) => `\`${label}\``).sort();
        return `| \`${name}\` | ${type} | ${shown.join(', ')} | ${help} |`;
      });
      expect(expected.filter((row) => !rows.includes(row))).to.deep.equal([]);
      expect(rows.filter((row) => !expected.includes(row))).to.deep.equal([]);
    });

    it('a Prometheus that reads this instance answers every query of the dashboard', async () => {
      for (const query of dashboardQueries()) {
        await eventually(async () => {
          const found = await ask(prometheus, query.replaceAll('$__rate_interval', '5m'));
          expect(found.data.result, query).to.not.be.empty;
        });
      }
    });

    it('that Prometheus evaluates every alert, and fires the one for dead letters', async () => {
      await eventually(async () => {
        const answer = await fetch(new URL('/api/v1/rules', prometheus.url));
        const { data } = (await answer.json()) as { data: { groups: { rules: AlertRule[] }[] } };
        const rules = data.groups.flatMap((group) => group.rules);
        expect(rules).to.have.length.above(15);
        expect(rules.filter(({ health }) => health === 'err')).to.deep.equal([]);
        // What these tests did: messages that cannot be read.
        const fired = rules.filter(({ state }) => state === 'firing').map(({ name }) => name);
        expect(fired).to.include('DeadLetters');
      });
    });

    it('the screen of npm run cluster -- --watch shows what the instance reports', async () => {
      let screen = '';
      const stopping = new AbortController();
      const output = {
        write: (text: string) => {
          screen = text;
          if (/^ {2}unpaid orders +\d+ +-$/m.test(text)) stopping.abort();
        },
      };
      await watchFigures(
        { one: shop.service.url, none: 'http://127.0.0.1:1' },
        output,
        stopping.signal,
      );
      const line = (title: string) =>
        screen
          .split('\n')
          .find((each) => each.startsWith(`  ${title} `))
          ?.slice(title.length + 2);
      const unpaid = await figures.value('orders_unpaid');
      expect(line('unpaid orders')).to.match(new RegExp(`^ +${unpaid} +-$`));
      expect(line('in sync')).to.match(/^ +yes +-$/);
      expect(line('dead letters')).to.match(/^ +2 +-$/);
      expect(line('memory')).to.match(/^ +\d+ MB +-$/);
    });
  });
});

interface AlertRule {
  readonly name: string;
  readonly state: string;
  readonly health: string;
}

function dashboardQueries(): string[] {
  const file = path.join(projectRoot, 'docker', 'metrics', 'dashboard.json');
  const { panels } = JSON.parse(readFileSync(file, 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}

async function ask({ url }: Server, query: string) {
  const answer = await fetch(new URL(`/api/v1/query?query=${encodeURIComponent(query)}`, url));
  const body = (await answer.json()) as { status: string; data: { result: unknown[] } };
  expect(body.status, `${query}: ${JSON.stringify(body)}`).to.equal('success');
  return body;
}

/** Labels of every metric, and of every bucket. */
const ALWAYS = ['instance', 'le'];
