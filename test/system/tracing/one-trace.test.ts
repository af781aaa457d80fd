import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { ApiClient } from '../../support/api-client.js';
import { serversWithKafka } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { OtlpReceiver } from './support/otlp-receiver.js';
import { clientSpan, TraceTree } from './support/trace-tree.js';

const REQUEST = 'POST /v1/orders';
const SETTLED_WITHIN_MS = 30_000;

describe('A trace of an order through the queue', () => {
  const resources = new AsyncDisposableStack();
  const client = clientSpan();
  let receiver: OtlpReceiver;
  let topic: string;
  let productId: string;
  let log = '';

  before(async () => {
    const open = resources.use(await serversWithKafka.open());
    receiver = resources.use(await OtlpReceiver.start());
    topic = open.env['KAFKA_TOPIC'] ?? '';
    const env = { ...open.env, ...receiver.env, LOG_LEVEL: 'info' };
    const instance = resources.use(await InstanceProcess.start(env));
    instance.listen((text) => {
      log += text;
    });
    const admin = await ApiClient.of(instance.url, env, 'admin', 'admin');
    productId = await addProduct(admin);
    const customer = await ApiClient.of(instance.url, env, 'ada');
    const headers = { prefer: 'respond-async', ...client.headers };
    const accepted = await customer.post('/v1/orders', orderOf(productId), headers);
    expect(accepted.status).to.equal(202);
    const isSettled = async () => {
      const { body } = await customer.get(accepted.headers.get('location') ?? '');
      expect(body.status).to.equal('CONFIRMED');
    };
    // A planted fault shortens the waits for spans, not this one: the consumer joins its group first.
    await eventually(isSettled, { withinMs: SETTLED_WITHIN_MS });
  });
  after(() => resources.disposeAsync());

  /** Spans arrive one after another, so an expectation is tried until it is met. */
  const expectTree = (expectation: (tree: TraceTree) => void) =>
    eventually(() => expectation(new TraceTree(receiver, client.traceId)));

  it('leads from the request over outbox and Kafka to the consumer', async () => {
    const outbox = `${REQUEST} > unit of work > outbox.add > publish from outbox`;
    await expectTree(({ paths }) => {
      expect(paths).to.include(`${REQUEST} > unit of work > transaction`);
      expect(paths).to.include(`${outbox} > send ${topic} > process ${topic}`);
    });
    await expectTree((tree) => {
      expect(tree.named(`send ${topic}`)[0]?.kind).to.equal('PRODUCER');
      const [consumer] = tree.named(`process ${topic}`);
      expect(consumer?.kind).to.equal('CONSUMER');
      expect(consumer?.attributes).to.include({
        'messaging.system': 'kafka',
        'messaging.destination.name': topic,
        'messaging.operation.type': 'process',
      });
    });
  });

  it('leads to the consumer of the events of the order', async () => {
    await expectTree(({ paths }) => {
      const unit = `process ${topic} > unit of work > outbox.add`;
      const events = `publish from outbox > send ${topic}.events > process ${topic}.events`;
      expect(paths.filter((path) => path.endsWith(`${unit} > ${events}`))).to.have.length(2);
    });
  });

  it('is one tree below the span that the client named', async () => {
    await expectTree(({ roots, spans }) => {
      expect(spans.length).to.be.greaterThan(20);
      expect(roots.map(({ name }) => name)).to.deep.equal([REQUEST]);
      expect(roots[0]).to.deep.include({ parentId: client.id, kind: 'SERVER' });
      expect(roots[0]?.attributes).to.deep.include({
        'http.request.method': 'POST',
        'http.route': '/v1/orders',
        'http.response.status_code': 202,
        'url.path': '/v1/orders',
      });
    });
  });

  it('shows the wait for the lock, the transaction and each step of the decision', async () => {
    const steps = [
      'wait for lock',
      'hold lock',
      'transaction',
      'orderRequests.findMany',
      'stocks.offers',
      'stocks.saveMany',
      'orders.save',
      'orderRequests.saveSettled',
    ];
    await expectTree((tree) => {
      for (const step of steps) {
        const path = `process ${topic} > unit of work > ${step}`;
        expect(tree.paths.filter((each) => each.endsWith(path))).to.have.length(1);
      }
      expect(tree.named('wait for lock')[0]?.attributes).to.deep.equal({
        'lockstep.lock.keys': [`stock:${productId}`],
      });
      const transactions = tree.named('transaction');
      for (const { attributes, kind } of transactions) {
        expect(attributes).to.deep.include({
          'db.system.name': 'mysql',
          'lockstep.transaction.outcome': 'committed',
        });
        expect(kind).to.equal('CLIENT');
      }
    });
  });

  it('has its ids in the log lines of the request', async () => {
    const line = await eventually(() => {
      const found = log.split('\n').find((each) => each.includes('"statusCode":202'));
      expect(found).not.to.equal(undefined);
      return JSON.parse(found ?? '');
    });
    await expectTree((tree) => {
      const [server] = tree.named(REQUEST);
      expect(line).to.deep.include({ trace_id: client.traceId, span_id: server?.id });
      expect(line.req.id).to.equal(server?.attributes['lockstep.request.id']);
    });
  });

  it('names the service and its instance', async () => {
    await expectTree(({ spans }) => {
      expect(spans[0]?.resource).to.include({ 'service.name': 'lockstep' });
      expect(spans[0]?.resource).to.include.keys('service.instance.id', 'service.version');
    });
  });
});
