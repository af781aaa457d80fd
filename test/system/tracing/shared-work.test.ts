import { expect } from 'chai';
import { eventually } from '../../../tools/servers/eventually.js';
import { addProduct, orderOf } from '../../support/shop.js';
import type { ReceivedSpan } from './support/otlp-spans.js';
import { clientSpan, TraceTree } from './support/trace-tree.js';
import { tracedService } from './support/traced-service.js';

const ORDERS = 24;
const UNITS = 'lockstep.transaction.units';

describe('Orders that are decided together', () => {
  const service = tracedService();

  /** Sends orders of one product at the same time, each in a trace of its own. */
  async function order(headers: Record<string, string>): Promise<string[]> {
    const { running } = service();
    const productId = await addProduct(running.admin, { stock: 100 });
    const customer = await running.customer('ada');
    const clients = Array.from({ length: ORDERS }, () => clientSpan());
    await Promise.all(
      clients.map((client) =>
        customer.post('/v1/orders', orderOf(productId), { ...headers, ...client.headers }),
      ),
    );
    return clients.map(({ traceId }) => traceId);
  }

  const transactionsOf = (traces: readonly string[]): ReceivedSpan[] =>
    traces.flatMap((id) => new TraceTree(service().receiver, id).named('transaction'));

  it('each have a whole tree of their own, also where they share a transaction', async () => {
    const { receiver } = service();
    const traces = await order({});
    const unit = 'POST /v1/orders > unit of work';
    await eventually(() => {
      for (const id of traces) {
        expect(new TraceTree(receiver, id).paths).to.deep.equal([
          'POST /v1/orders',
          unit,
          `${unit} > hold lock`,
          `${unit} > orders.save`,
          `${unit} > stocks.offers`,
          `${unit} > stocks.saveMany`,
          `${unit} > transaction`,
          `${unit} > wait for lock`,
        ]);
      }
    });
    const shared = transactionsOf(traces).filter(({ attributes }) => Number(attributes[UNITS]) > 1);
    expect(shared).not.to.deep.equal([]);
    const timesOf = ({ startNs, endNs }: ReceivedSpan) => `${startNs} to ${endNs}`;
    for (const group of Map.groupBy(shared, timesOf).values()) {
      expect(group).to.have.length(Number(group[0]?.attributes[UNITS]));
    }
  });

  it('each have the whole way of their message when the queue settles them together', async () => {
    const { receiver } = service();
    const traces = await order({ prefer: 'respond-async' });
    const process = 'unit of work > outbox.add > publish from outbox > process orders';
    await eventually(() => {
      for (const id of traces) {
        const { paths, roots } = new TraceTree(receiver, id);
        for (const step of ['wait for lock', 'hold lock', 'transaction']) {
          expect(paths).to.include(`POST /v1/orders > ${process} > unit of work > ${step}`);
        }
        expect(roots).to.have.length(1);
      }
    });
    const settled = traces.flatMap((id) => new TraceTree(receiver, id).named('process orders'));
    const together = settled.filter(
      ({ attributes }) => Number(attributes['messaging.batch.message_count']) > 1,
    );
    expect(together).not.to.deep.equal([]);
  });
});
