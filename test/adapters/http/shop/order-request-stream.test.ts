import { expect } from 'chai';
import { createSandbox } from 'sinon';
import { SettlementNotifier } from '../../../../src/application/order-queue/settlement-notifier.js';
import { startService } from '../../../../src/config/service.js';
import { readSettings } from '../../../../src/config/settings/settings.js';
import { OrderQueue } from '../../../../src/domain/orders/order-queue.js';
import { OrderRequestQueries } from '../../../../src/domain/orders/ports.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { ApiClient } from '../../../support/api-client.js';
import { backends, embedded, serversWithKafka } from '../../../support/backends.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { expectProblem } from '../support/problem.js';
import { runningService } from '../support/running-service.js';
import { secretOf, sign } from '../support/token.js';

const EVENTS = { Accept: 'text/event-stream' };
const ASYNC = { Prefer: 'respond-async' };

for (const backend of [...backends, serversWithKafka]) {
  describe(`the stream of an order request on ${backend.name}`, () => {
    const service = runningService(backend, { ORDER_STREAM_HEARTBEAT_MS: '20' });
    const sandbox = createSandbox();
    let user: ApiClient;
    let release: () => void;

    before(async () => {
      user = await service().customer('follower');
    });

    afterEach(() => {
      release?.();
      sandbox.restore();
    });

    /** A request that stays in the queue until `release` is called. */
    async function queued(options = {}): Promise<string> {
      const gate = Promise.withResolvers<void>();
      release = gate.resolve;
      const queue = service().service.container.get(OrderQueue);
      const publish = queue.publish.bind(queue);
      sandbox.stub(queue, 'publish').callsFake(async (...args) => {
        await gate.promise;
        await publish(...args);
      });
      const productId = await addProduct(service().admin, options);
      const { headers } = await user.post('/v1/orders', orderOf(productId), ASYNC);
      return headers.get('location') ?? '';
    }

    const watch = () => service().service.container.get(SettlementNotifier);

    it('sends the status, then comments, and ends with the settled request', async () => {
      const path = await queued();
      const stream = user.get(path, EVENTS);
      await eventually(() => expect(watch().size).to.equal(1));
      await new Promise((resolve) => setTimeout(resolve, 100));
      release();
      const { status, headers, body } = await stream;
      expect(status).to.equal(200);
      expect(headers.get('content-type')).to.match(/^text\/event-stream/);
      expect(headers.get('cache-control')).to.equal('private, no-store');
      const events = eventsIn(body);
      expect(events.map((event) => event.status)).to.deep.equal(['QUEUED', 'CONFIRMED']);
      expect(events.at(-1)).to.deep.equal((await user.get(path)).body);
      expect(body.split('\n\n').filter((part: string) => part.startsWith(':'))).not.to.be.empty;
      expect(watch().size).to.equal(0);
    });

    it('ends at once when the request is settled already', async () => {
      const path = await queued({ stock: 0 });
      release();
      await eventually(async () => expect((await user.get(path)).body.status).to.equal('REJECTED'));
      const { body } = await user.get(path, EVENTS);
      expect(eventsIn(body)).to.deep.equal([(await user.get(path)).body]);
    });

    it('costs the database one query at a time for any number of followers', async () => {
      const path = await queued();
      const queries = service().service.container.get(OrderRequestQueries);
      const streams = Array.from({ length: 100 }, () => user.get(path, EVENTS));
      await eventually(() => expect(watch().size).to.equal(1));
      const findMany = sandbox.spy(queries, 'findMany');
      const get = sandbox.spy(queries, 'get');
      await eventually(() => expect(findMany.callCount).to.be.at.least(2));
      expect(findMany.callCount).to.be.at.most(10);
      expect(get.callCount).to.be.at.most(100);
      release();
      for (const { body } of await Promise.all(streams)) {
        expect(eventsIn(body).at(-1)?.status).to.equal('CONFIRMED');
      }
      expect(watch().size).to.equal(0);
    });

    it('is closed when the client disconnects', async () => {
      const path = await queued();
      const token = await sign(secretOf(service()), { sub: 'follower' });
      const client = new AbortController();
      const response = await fetch(`${user.url}${path}`, {
        headers: { ...EVENTS, authorization: `Bearer ${token}` },
        signal: client.signal,
      });
      expect(response.status).to.equal(200);
      await eventually(() => expect(watch().size).to.equal(1));
      client.abort();
      await eventually(() => expect(watch().size).to.equal(0));
    });

    it('is sent as a stream when Accept prefers events', async () => {
      const path = await queued({ stock: 0 });
      release();
      await eventually(async () => expect((await user.get(path)).body.status).to.equal('REJECTED'));
      for (const Accept of [
        'text/event-stream, */*;q=0.1',
        'application/json;q=0.5, text/event-stream',
        'text/*;q=0.9, application/json;q=0.8',
      ]) {
        const { headers } = await user.get(path, { Accept });
        expect(headers.get('content-type'), Accept).to.match(/^text\/event-stream/);
      }
    });

    it('is not a stream when Accept prefers JSON, or for HEAD', async () => {
      const path = await queued();
      for (const Accept of [
        ...['application/json', '*/*', 'text/event-stream;q=0', 'text/html'],
        'application/json, text/event-stream;q=0.1',
        'text/event-stream;q=0.5, application/*',
      ]) {
        expect((await user.get(path, { Accept })).body.status).to.equal('QUEUED');
      }
      expect((await user.send('HEAD', path, undefined, EVENTS)).status).to.equal(200);
      expect(watch().size).to.equal(0);
    });
  });
}

describe('more streams of order requests than may be open', () => {
  const service = runningService(embedded, {
    ORDER_STREAMS_MAX: '3',
    ORDER_STREAMS_MAX_PER_USER: '2',
  });

  it('are refused with 429, until one of them ends', async () => {
    const queue = service().service.container.get(OrderQueue);
    queue.publish = (_, stopped) =>
      new Promise((_resolve, reject) => {
        // The instance may stop before the relay has run.
        stopped?.throwIfAborted();
        stopped?.addEventListener('abort', () => reject(stopped.reason));
      });
    const productId = await addProduct(service().admin);
    const follow = async (name: string) => {
      const user = await service().customer(name);
      const { headers } = await user.post('/v1/orders', orderOf(productId), ASYNC);
      const path = headers.get('location') ?? '';
      return { open: () => user.open(path, EVENTS), ask: () => user.get(path, EVENTS) };
    };
    const [ann, bob] = [await follow('ann'), await follow('bob')];
    const [first] = [await ann.open(), await ann.open()];
    const tooMany = await ann.ask();
    expectProblem(tooMany, 429, 'too_many_streams');
    expect(tooMany.headers.get('retry-after')).to.equal('1');
    const third = await bob.open();
    expect(third.status).to.equal(200);
    expectProblem(await bob.ask(), 429, 'too_many_streams');
    await first.body?.cancel();
    await eventually(async () => {
      const again = await ann.open();
      expect(again.status).to.equal(200);
    });
  });
});

describe('the stream of an order request on an instance that stops', () => {
  it('ends without a settlement when the instance stops', async () => {
    await using open = await embedded.open();
    const service = await startService(readSettings({ ...open.env }));
    const admin = await ApiClient.of(service.url, open.env, 'admin', 'admin');
    const queue = service.container.get(OrderQueue);
    queue.publish = (_, stopped) =>
      new Promise((_resolve, reject) =>
        stopped?.addEventListener('abort', () => reject(stopped.reason)),
      );
    const { headers } = await admin.post('/v1/orders', orderOf(await addProduct(admin)), ASYNC);
    const stream = admin.get(headers.get('location') ?? '', EVENTS);
    const watch = service.container.get(SettlementNotifier);
    await eventually(() => expect(watch.size).to.equal(1));
    const begun = performance.now();
    await service.stop();
    expect(performance.now() - begun).to.be.below(10_000);
    const { body } = await stream;
    expect(eventsIn(body).map(({ status }) => status)).to.deep.equal(['QUEUED']);
  });
});

function eventsIn(body: string): { readonly status: string }[] {
  return [...body.matchAll(/^event: status\ndata: (.*)$/gm)].map(([, data = '']) =>
    JSON.parse(data),
  );
}
