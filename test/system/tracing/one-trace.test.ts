import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { ApiClient } from '../../support/api-client.js';
import { type OpenBackend, serversWithKafka } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { OtlpReceiver } from './support/otlp-receiver.js';
import type { ReceivedSpan } from './support/otlp-spans.js';

const PARENT = 'b7ad6b7169203331';

/** A span in the tree of its trace, as `name (kind)`, below the names of its parents. */
function pathOf(span: ReceivedSpan, spans: readonly ReceivedSpan[]): string {
  const parent = spans.find(({ id }) => id === span.parentId);
  return parent ? `${pathOf(parent, spans)} > ${span.name}` : span.name;
}

describe('A trace of an order through the queue', () => {
  let open: OpenBackend;
  let receiver: OtlpReceiver;
  let instance: InstanceProcess;
  let log = '';
  let topic: string;
  let productId: string;
  let spans: readonly ReceivedSpan[];
  let paths: readonly string[];
  const traceId = randomBytes(16).toString('hex');

  before(async () => {
    open = await serversWithKafka.open();
    receiver = await OtlpReceiver.start();
    topic = open.env['KAFKA_TOPIC'] ?? '';
    const env = { ...open.env, ...receiver.env, LOG_LEVEL: 'info' };
    instance = await InstanceProcess.start(env);
    instance.listen((text) => {
      log += text;
    });
    const admin = await ApiClient.of(instance.url, env, 'admin', 'admin');
    productId = await addProduct(admin);
    const customer = await ApiClient.of(instance.url, env, 'ada');
    const accepted = await customer.post('/v1/orders', orderOf(productId), {
      prefer: 'respond-async',
      traceparent: `00-${traceId}-${PARENT}-01`,
    });
    expect(accepted.status).to.equal(202);
    await eventually(async () => {
      const { body } = await customer.get(accepted.headers.get('location') ?? '');
      expect(body.status).to.equal('CONFIRMED');
    });
    // The consumer's span is the last one to end, so it is sent last.
    await eventually(() => {
      spans = receiver.of(traceId);
      const consumer = spans.find(({ name }) => name === `process ${topic}`);
      expect(consumer).not.to.equal(undefined);
    });
    paths = spans.map((span) => pathOf(span, spans));
  });
  after(async () => {
    await instance?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
    await open?.[Symbol.asyncDispose]();
  });

  const request = 'POST /v1/orders';
  const named = (name: string) => spans.find((span) => span.name === name);

  it('is one tree below the span that the client named', () => {
    const ids = spans.map(({ id }) => id);
    const roots = spans.filter(({ parentId }) => !ids.includes(parentId));
    expect(roots.map(({ name }) => name)).to.deep.equal([request]);
    expect(roots[0]).to.deep.include({ parentId: PARENT, kind: 'SERVER' });
    expect(roots[0]?.attributes).to.deep.include({
      'http.request.method': 'POST',
      'http.route': '/v1/orders',
      'http.response.status_code': 202,
      'url.path': '/v1/orders',
    });
  });

  it('leads from the request over outbox and Kafka to the consumer', () => {
    const outbox = `${request} > unit of work > outbox.add`;
    const process = `${outbox} > publish from outbox > send ${topic} > process ${topic}`;
    expect(paths).to.include(`${request} > unit of work > transaction`);
    expect(paths).to.include(process);
    expect(named(`send ${topic}`)).to.deep.include({ kind: 'PRODUCER' });
    expect(named(`process ${topic}`)?.attributes).to.include({
      'messaging.system': 'kafka',
      'messaging.destination.name': topic,
      'messaging.operation.type': 'process',
    });
    expect(named(`process ${topic}`)?.kind).to.equal('CONSUMER');
  });

  it('shows the wait for the lock, the transaction and each step of the decision', () => {
    const unit = paths.find((path) => path.endsWith(`process ${topic} > unit of work`));
    for (const name of [
      'wait for lock',
      'hold lock',
      'transaction',
      'orderRequests.findMany',
      'stocks.offers',
      'stocks.saveMany',
      'orders.save',
      'orderRequests.saveSettled',
    ]) {
      expect(paths, name).to.include(`${unit} > ${name}`);
    }
    expect(named('wait for lock')?.attributes).to.deep.equal({
      'lockstep.lock.keys': [`stock:${productId}`],
    });
    const transactions = spans.filter(({ name }) => name === 'transaction');
    for (const { attributes, kind } of transactions) {
      expect(attributes).to.deep.include({
        'db.system.name': 'mysql',
        'lockstep.transaction.outcome': 'committed',
      });
      expect(kind).to.equal('CLIENT');
    }
  });

  it('leads to the consumer of the events of the order', async () => {
    await eventually(() => {
      const own = receiver.of(traceId);
      const found = own.filter(({ name }) => name === `process ${topic}.events`);
      expect(found).not.to.deep.equal([]);
      for (const span of found) {
        expect(pathOf(span, own)).to.match(/^POST \/v1\/orders > .* > process \S+ > .*outbox\.add/);
      }
    });
  });

  it('has its ids in the log lines of the request', async () => {
    const line = await eventually(() => {
      const found = log.split('\n').find((each) => each.includes('"statusCode":202'));
      expect(found).not.to.equal(undefined);
      return JSON.parse(found ?? '');
    });
    const server = named(request);
    expect(line).to.deep.include({ trace_id: traceId, span_id: server?.id });
    expect(line.req.id).to.equal(server?.attributes['lockstep.request.id']);
  });

  it('names the service and its instance', () => {
    expect(spans[0]?.resource).to.include({
      'service.name': 'lockstep',
      'telemetry.sdk.language': 'nodejs',
    });
    expect(spans[0]?.resource).to.include.keys('service.instance.id', 'service.version');
  });
});
