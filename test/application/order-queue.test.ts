import { expect } from 'chai';
import { InProcessLock } from '../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { InProcessPublisher } from '../../src/adapters/queue/in-process-publisher.js';
import { type Delivered, OrderedDelivery } from '../../src/adapters/queue/ordered-delivery.js';
import { RelayOutbox } from '../../src/application/events/relay-outbox.js';
import { EnqueueOrder } from '../../src/application/order-queue/enqueue-order.js';
import { RejectOrderRequest } from '../../src/application/order-queue/reject-order-request.js';
import { SettleOrderRequests } from '../../src/application/order-queue/settle-order-requests.js';
import { Placement } from '../../src/application/orders/placement.js';
import type { OrderMessage } from '../../src/domain/orders/order-message.js';
import { OrderRequest } from '../../src/domain/orders/order-request.js';
import type { Transaction, UnitOptions } from '../../src/domain/ports/unit-of-work.js';
import { MAX_LOCK_KEYS } from '../../src/domain/resource-keys.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

const LEASE_MS = 1_000;

class RecordingLock extends LockPortAdapter {
  readonly asked: (readonly string[])[] = [];

  constructor() {
    super(new InProcessLock());
  }

  get keys(): string[] {
    return this.asked.flat();
  }

  get sizes(): number[] {
    return this.asked.map((keys) => keys.length);
  }

  override acquire(...asked: Parameters<LockPortAdapter['acquire']>) {
    this.asked.push(asked[0]);
    return super.acquire(...asked);
  }
}

describe('Orders through the queue', () => {
  let lock: RecordingLock;
  let shop: InMemoryShop;
  let enqueueOrder: EnqueueOrder;
  let settle: SettleOrderRequests;
  let published: OrderMessage[];
  let productId: string;

  beforeEach(async () => {
    lock = new RecordingLock();
    shop = new InMemoryShop(lock);
    published = [];
    enqueueOrder = new EnqueueOrder(shop.unitOfWork, shop.known, shop.ids, shop.clock, () => {});
    const placement = new Placement(shop.ids, shop.clock, 60_000);
    settle = new SettleOrderRequests(shop.unitOfWork, shop.orderRequests, shop.known, placement);
    productId = await shop.add({ stock: 3 });
    lock.asked.length = 0;
  });

  /** Accepts a request with a missing product, like an earlier version of the service. */
  async function acceptUnseen(productIds: readonly string[]): Promise<string> {
    const id = shop.ids.next();
    const items = productIds.map((of) => ({ productId: of, quantity: 1 }));
    await shop.unitOfWork.run({ locks: [] }, (tx) =>
      tx.orderRequests.save(OrderRequest.accept({ id, userId: 'alice', items }, shop.clock.now())),
    );
    return id;
  }

  async function request(quantity = 1, of = productId, userId = 'alice'): Promise<string> {
    const items = [{ productId: of, quantity }];
    return (await enqueueOrder.execute({ userId, items })).id;
  }

  function relay(name: string, publish = keep, unitOfWork = shop.unitOfWork) {
    const { outbox, clock } = shop;
    const terms = { relay: name, leaseMs: LEASE_MS };
    return new RelayOutbox(unitOfWork, outbox, { channel: 'orders', publish }, clock, terms);
  }
  const keep = async (messages: readonly OrderMessage[]) => {
    published.push(...messages);
  };
  const status = async (id: string) => (await shop.orderRequests.get(id)).status;
  const orders = async () => (await shop.orders.list('alice', { limit: 100 })).items;

  it('are settled in the given order in one batch', async () => {
    const ids = [await request(2), await request(2), await request(1)];
    await settle.execute(ids);
    const statuses = await Promise.all(ids.map(status));
    expect(statuses).to.deep.equal(['CONFIRMED', 'REJECTED', 'CONFIRMED']);
    expect(await shop.available(productId)).to.equal(0);
  });

  it('are rejected when they are accepted if a product does not exist, and do not enter the queue', async () => {
    const items = [productId, shop.ids.next()].map((of) => ({ productId: of, quantity: 1 }));
    const { id } = await enqueueOrder.execute({ userId: 'alice', items });
    expect(await shop.orderRequests.get(id)).to.include({
      ...{ status: 'REJECTED', code: 'product_not_found' },
    });
    expect(await shop.outbox.next('orders', 1)).to.deep.equal([]);
  });

  it('take no lock for an order of a product that does not exist', async () => {
    const ids = [
      await acceptUnseen([productId, shop.ids.next()]),
      await acceptUnseen(Array.from({ length: 100 }, () => shop.ids.next())),
    ];
    await settle.execute(ids);
    for (const id of ids) {
      expect(await shop.orderRequests.get(id)).to.include({ code: 'product_not_found' });
    }
    expect(lock.keys).to.deep.equal([]);
    expect(await shop.available(productId)).to.equal(3);
  });

  it('never lock more keys at once than a lock may have, and keep their order', async () => {
    const products = await shop.addMany(1_300, { stock: 64 });
    const ids = [];
    for (let i = 0; i < 64; i++) {
      const items = Array.from({ length: 100 }, (_, at) => products[(i * 37 + at * 13) % 1_300]);
      ids.push(await acceptUnseen(items.filter((each) => each !== undefined)));
    }
    await settle.execute(ids);
    const made = await Promise.all(ids.map((id) => shop.orderRequests.get(id)));
    expect(new Set(made.map(({ status }) => status))).to.deep.equal(new Set(['CONFIRMED']));
    const orderIds = made.map(({ orderId }) => orderId);
    expect(orderIds).to.deep.equal([...orderIds].sort());
    expect(Math.max(...lock.sizes)).to.be.within(100, MAX_LOCK_KEYS);
  });

  it('are settled in one unit of work while they have few items', async () => {
    const ids = [];
    for (let i = 0; i < 64; i++) ids.push(await request());
    await settle.execute(ids);
    expect(lock.sizes).to.deep.equal([1]);
  });

  it('are settled once, however often they are delivered, also concurrently and in one batch', async () => {
    const id = await request();
    await Promise.all([settle.execute([id, id]), settle.execute([id])]);
    await settle.execute([id]);
    expect(await orders()).to.have.length(1);
    expect(await shop.available(productId)).to.equal(2);
  });

  it('keep their settlement when the message arrives again', async () => {
    const id = await request(4);
    await settle.execute([id]);
    await new RejectOrderRequest(shop.unitOfWork).execute(id);
    expect(await shop.orderRequests.get(id)).to.include({ code: 'insufficient_stock' });
    await new RejectOrderRequest(shop.unitOfWork).execute(shop.ids.next());
  });

  it('are not settled when one request of the batch does not exist', async () => {
    const id = await request();
    const error = await rejection(settle.execute([id, shop.ids.next()]));
    expect(error).to.have.property('name', 'UnknownOrderRequestError');
    expect(await status(id)).to.equal('QUEUED');
  });

  it('have the key of the first of their products', async () => {
    const other = await shop.add();
    const items = [other, productId].map((of) => ({ productId: of, quantity: 1 }));
    await enqueueOrder.execute({ userId: 'alice', items });
    const [entry] = await shop.outbox.next('orders', 1);
    expect(entry?.message.key).to.equal([other, productId].sort()[0]);
  });

  it('leave the outbox in their order, after the queue has stored them', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 450; i++) ids.push(await request());
    expect(await relay('a').execute()).to.equal(450);
    expect(published.map(({ requestId }) => requestId)).to.deep.equal(ids);
    expect(await shop.outbox.next('orders', 1)).to.deep.equal([]);
  });

  it('leave the outbox in turn by customer, and keep the order of each customer', async () => {
    const many: string[] = [];
    for (let i = 0; i < 150; i++) many.push(await request());
    const few = [await request(1, productId, 'bob'), await request(1, productId, 'bob')];
    await relay('a').execute();
    const order = published.map(({ requestId }) => requestId);
    expect(order.slice(0, 5)).to.deep.equal([many[0], few[0], many[1], few[1], many[2]]);
    expect(order.filter((id) => !few.includes(id))).to.deep.equal(many);
  });

  it('stay in the outbox while the queue is down, and another relay may try', async () => {
    const id = await request();
    const unreachable = async () => {
      throw new Error('unreachable');
    };
    await rejection(relay('a', unreachable).execute());
    expect(await relay('b').execute()).to.equal(1);
    expect(published.map(({ requestId }) => requestId)).to.deep.equal([id]);
  });

  it('are relayed by another process at once when the last commit of a run failed', async () => {
    const id = await request();
    let commits = 0;
    const failing = {
      run: <T>(options: UnitOptions<T>, work: (tx: Transaction) => Promise<T>) =>
        shop.unitOfWork.run(options, async (tx) => {
          const result = await work(tx);
          commits += 1;
          if (commits === 2) throw new Error('the commit failed');
          return result;
        }),
    };
    await rejection(relay('a', keep, failing).execute());
    expect(await relay('b').execute()).to.equal(1);
    expect(published.map(({ requestId }) => requestId)).to.deep.equal([id, id]);
  });

  it('are relayed by one process at a time, until its lease ends', async () => {
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

  it('of different products are settled at once in one process, and keep the order of each product', async () => {
    const products = await Promise.all([1, 2, 3, 4, 5].map(() => shop.add({ stock: 50 })));
    const ids: string[] = [];
    for (let i = 0; i < 200; i++) ids.push(await request(1, products[i % products.length]));
    const delivery = new OrderedDelivery<OrderMessage, Delivered<OrderMessage>>({
      what: 'order request',
      settle: (batch) => settle.execute(batch.map(({ requestId }) => requestId)),
      deadLetter: async () => {},
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
