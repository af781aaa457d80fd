import { expect } from 'chai';
import type { StockState } from '../../../../src/domain/stock/stock.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { type EndState, expectHistories } from '../../../adapters/events/support/histories.js';
import { topicEvents } from '../../../adapters/events/support/topic-events.js';
import type { ApiClient } from '../../../support/api-client.js';
import type { InstanceProcess } from '../../../support/instance-process.js';
import type { KafkaTopic } from '../../../support/kafka-topic.js';

const WAIT = { withinMs: 180_000, everyMs: 250 };

interface ShownRows extends EndState {
  readonly orders: EndState['orders'];
  readonly stocks: readonly StockState[];
}

/** Whether the events of the outbox contain the whole history of each order and product. */
export function judgeHistories(events: KafkaTopic, rows: ShownRows): Promise<Verdict> {
  return hold('the events tell the whole history of each row', rows.orders.length, async () =>
    expectHistories(await topicEvents(events), rows),
  );
}

/** Pays one order of each product, and kills the instance that probably relays its event. */
export async function judgeSales(
  { orders, stocks }: ShownRows,
  { owner, admin, teller }: { owner: ApiClient; admin: ApiClient; teller: InstanceProcess },
): Promise<Verdict> {
  const paid = new Map(orders.map((order) => [order.items[0]?.productId ?? '', order.id]));
  await owner.post('/v1/wallets/me/charges', { amount: 1_000_000 });
  for (const id of paid.values()) {
    const payment = await owner.post(`/v1/orders/${id}/payments`, { method: 'points' });
    expect(payment.status).to.equal(201);
  }
  await teller.end('SIGKILL');
  const claim = 'popular items count each payment, although the instance that relays it is killed';
  return hold(claim, paid.size, async () => {
    const answer = await admin.get('/v1/products/popular?window=10m&limit=100');
    const sold = answer.body.items.map((item: PopularBody) => [item.product.id, item.sold]);
    expect(sold).to.have.deep.members(stocks.map(({ productId }) => [productId, 1]));
  });
}

interface PopularBody {
  readonly product: { readonly id: string };
  readonly sold: number;
}

async function hold(claim: string, seen: number, attempt: () => Promise<void>): Promise<Verdict> {
  const failure = await eventually(attempt, WAIT).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return verdictOf(claim, seen, failure === undefined ? [] : [failure]);
}
