import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { addProduct, orderOf } from '../../support/shop.js';
import { clientSpan, TraceTree } from './support/trace-tree.js';
import { tracedService } from './support/traced-service.js';

const WRONG = [
  'no trace',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
  'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331',
];

describe('The spans of requests', () => {
  const service = tracedService();

  it('begin a new trace when traceparent is wrong', async () => {
    const { receiver, running } = service();
    for (const [i, traceparent] of WRONG.entries()) {
      await running.anyone.get('/healthz', { traceparent, 'x-request-id': `wrong-${i}` });
    }
    await eventually(() => {
      const found = receiver.spans.filter(({ attributes }) =>
        `${attributes['lockstep.request.id']}`.startsWith('wrong-'),
      );
      expect(found.map(({ parentId }) => parentId)).to.deep.equal(WRONG.map(() => ''));
      expect(new Set(found.map(({ traceId }) => traceId)).size).to.equal(WRONG.length);
    });
  });

  it('are not recorded when the client does not sample the trace', async () => {
    const { receiver, running } = service();
    const [silent, sampled] = [clientSpan('00'), clientSpan('01')];
    for (const { headers } of [silent, sampled]) await running.admin.get('/v1/products', headers);
    await eventually(() => expect(receiver.of(sampled.traceId)).not.to.deep.equal([]));
    expect(receiver.of(silent.traceId)).to.deep.equal([]);
  });

  it('show the level of the cache, also for hits before the router', async () => {
    const { receiver, running } = service();
    const productId = await addProduct(running.admin);
    const sources: unknown[] = [];
    for (let i = 0; i < 3; i += 1) {
      const client = clientSpan();
      await running.anyone.get(`/v1/products/${productId}`, client.headers);
      await eventually(() => {
        const tree = new TraceTree(receiver, client.traceId);
        const [read] = tree.named('read cache');
        expect(tree.paths).to.include('GET /v1/products/{id} > read cache');
        sources.push(read?.attributes['lockstep.cache.source']);
      });
    }
    // The product was written through when it was created, or is stored by the first read.
    expect(sources[0]).to.be.oneOf(['l1', 'stored']);
    expect(sources.slice(1)).to.deep.equal(['l1', 'l1']);
  });

  it('name the rule that refused an order, and call only failures of the service errors', async () => {
    const { receiver, running } = service();
    const productId = await addProduct(running.admin, { stock: 1 });
    const client = clientSpan();
    const customer = await running.customer('ada');
    const { status } = await customer.post('/v1/orders', orderOf(productId, 2), client.headers);
    expect(status).to.equal(409);
    await eventually(() => {
      const tree = new TraceTree(receiver, client.traceId);
      const [server] = tree.named('POST /v1/orders');
      expect(server).to.include({ isError: false });
      const [unit] = tree.named('unit of work');
      expect(unit?.attributes['error.type']).to.equal('insufficient_stock');
    });
  });

  it('contain no query, no token, no body and no idempotency key', async () => {
    const { receiver, running } = service();
    const productId = await addProduct(running.admin);
    const client = clientSpan();
    const customer = await running.customer('grace');
    await customer.get('/v1/products?search=secret-search', client.headers);
    const keyed = { ...client.headers, 'Idempotency-Key': 'secret-key-of-grace' };
    const order = await customer.post('/v1/orders', orderOf(productId), keyed);
    const payment = { method: 'card', token: 'tok_secret' };
    await customer.post(`/v1/orders/${order.body.id}/payments`, payment, keyed);
    await eventually(() => {
      const { paths } = new TraceTree(receiver, client.traceId);
      expect(paths).to.include('POST /v1/orders/{id}/payments');
    });
    const all = receiver.spans.map(({ name, attributes }) => JSON.stringify([name, attributes]));
    for (const secret of ['secret', 'tok_', 'Bearer', customer.token ?? 'no token']) {
      expect(all.filter((span) => span.includes(secret))).to.deep.equal([]);
    }
  });
});
