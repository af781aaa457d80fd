import { expect } from 'chai';
import { InProcessPublisher } from '../../src/adapters/queue/in-process-publisher.js';
import { type Delivered, OrderedDelivery } from '../../src/adapters/queue/ordered-delivery.js';
import { GiveUpOrderRequest } from '../../src/application/orders/give-up-order-request.js';
import { Placement } from '../../src/application/orders/placement.js';
import { RequestOrder } from '../../src/application/orders/request-order.js';
import { SettleOrderRequests } from '../../src/application/orders/settle-order-requests.js';
import { RelayOutbox } from '../../src/application/outbox/relay-outbox.js';
import type { OrderMessage } from '../../src/domain/order-message.js';
import { InMemoryShop } from '../support/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

const LEASE_MS = 1_000;

describe('Orders through the queue', () => {
  let shop: InMemoryShop;
  let requestOrder: RequestOrder;
  let settle: SettleOrderRequests;
  let published: OrderMessage[];
  let productId: string;

  beforeEach(async () => {
    shop = new InMemoryShop();
    published = [];
    requestOrder = new RequestOrder(shop.unitOfWork, shop.ids, shop.clock, () => {});
    const placement = new Placement(shop.ids, shop.clock, 60_000);
    settle = new SettleOrderRequests(shop.unitOfWork, shop.orderRequests, placement);
    productId = await shop.add({ stock: 3 });
  });

  async function request(quantity = 1, of = productId, userId = 'alice'): Promise<string> {
    const items = [{ productId: of, quantity }];
    return (await requestOrder.execute({ userId, items })).id;
  }

  function relay(name: string, publish = keep) {
    const { unitOfWork, outbox, clock } = shop;
    const term = { relay: name, leaseMs: LEASE_MS };
    return new RelayOutbox(unitOfWork, outbox, { channel: 'orders', publish }, clock, term);
  }
  const keep = async (messages: readonly OrderMessage[]) => {
    published.push(...messages);
  };
  const status = async (id: string) => (await shop.orderRequests.get(id)).status;
  const orders = async () => (await shop.orders.list('alice', { limit: 100 })).items;

  it('are settled in the order they are given, in one batch', async () => {
    const ids = [await request(2), await request(2), await request(1)];
    await settle.execute(ids);
    const statuses = await Promise.all(ids.map(status));
    expect(statuses).to.deep.equal(['CONFIRMED', 'REJECTED', 'CONFIRMED']);
    expect(await shop.available(productId)).to.equal(0);
  });

  it('are settled once, however often they come, also at once and in one batch', async () => {
    const id = await request();
    await Promise.all([settle.execute([id, id]), settle.execute([id])]);
    await settle.execute([id]);
    expect(await orders()).to.have.length(1);
    expect(await shop.available(productId)).to.equal(2);
  });

  it('keep the settlement they have', async () => {
    const id = await request(4);
    await settle.execute([id]);
    await new GiveUpOrderRequest(shop.unitOfWork).execute(id);
    expect(await shop.orderRequests.get(id)).to.include({ code: 'insufficient_stock' });
    await new GiveUpOrderRequest(shop.unitOfWork).execute(shop.ids.next());
  });

  it('are all left as they are when one of them does not exist', async () => {
    const id = await request();
    const error = await rejection(settle.execute([id, shop.ids.next()]));
    expect(error).to.have.property('name', 'UnknownOrderRequestError');
    expect(await status(id)).to.equal('QUEUED');
  });

  it('stand in the queue of the first of their products', async () => {
    const other = await shop.add();
    const items = [other, productId].map((of) => ({ productId: of, quantity: 1 }));
    await requestOrder.execute({ userId: 'alice', items });
    const [entry] = await shop.outbox.next('orders', 1);
    expect(entry?.message.key).to.equal([other, productId].sort()[0]);
  });

  it('leave the outbox in their order, once the queue has them', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 450; i++) ids.push(await request());
    expect(await relay('a').execute()).to.equal(450);
    expect(published.map(({ requestId }) => requestId)).to.deep.equal(ids);
    expect(await shop.outbox.next('orders', 1)).to.deep.equal([]);
  });

  it('leave the outbox in turn where several customers wait, each one’s in their order', async () => {
    const many: string[] = [];
    for (let i = 0; i < 150; i++) many.push(await request());
    const few = [await request(1, productId, 'bob'), await request(1, productId, 'bob')];
    await relay('a').execute();
    const order = published.map(({ requestId }) => requestId);
    expect(order.slice(0, 5)).to.deep.equal([many[0], few[0], many[1], few[1], many[2]]);
    expect(order.filter((id) => !few.includes(id))).to.deep.equal(many);
  });

  it('stay in the outbox while the queue is away, and another relay may try', async () => {
    const id = await request();
    const away = async () => {
      throw new Error('away');
    };
    await rejection(relay('a', away).execute());
    expect(await relay('b').execute()).to.equal(1);
    expect(published.map(({ requestId }) => requestId)).to.deep.equal([id]);
  });

  it('are relayed by one at a time, until its lease ends', async () => {
    await request();
    const gate = Promise.withResolvers<void>();
    const slow = relay('a', () => gate.promise).execute();
    await new Promise(setImmediate);
    expect(await relay('b').execute()).to.equal(0);
    shop.clock.advance(LEASE_MS);
    expect(await relay('b').execute()).to.equal(1);
    gate.resolve();
    await slow;
    expect(published).to.have.length(1);
  });

  it('are settled side by side in one process, each product’s in its order', async () => {
    const products = await Promise.all([1, 2, 3, 4, 5].map(() => shop.add({ stock: 50 })));
    const ids: string[] = [];
    for (let i = 0; i < 200; i++) ids.push(await request(1, products[i % products.length]));
    const delivery = new OrderedDelivery<OrderMessage, Delivered<OrderMessage>>({
      what: 'order request',
      settle: (batch) => settle.execute(batch.map(({ requestId }) => requestId)),
      bury: async () => {},
      attempts: 1,
      backoff: { firstMs: 1, longestMs: 1 },
      retried: () => {},
    });
    const queue = new InProcessPublisher('orders', delivery);
    await relay('a', (messages) => queue.publish(messages)).execute();
    const made = await Promise.all(ids.map((id) => shop.orderRequests.get(id)));
    for (let i = 0; i < products.length; i++) {
      const row = made.filter((_, at) => at % products.length === i).map(({ orderId }) => orderId);
      expect(row).to.deep.equal([...row].sort());
    }
  });
});
