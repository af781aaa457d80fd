import { expect } from 'chai';
import { InProcessLock } from '../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { RestockProduct } from '../../src/application/catalogue/restock-product.js';
import { PlaceOrder } from '../../src/application/orders/place-order.js';
import { InMemoryShop } from '../support/in-memory/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

class CountedLock extends LockPortAdapter {
  granted = 0;

  constructor() {
    super(new InProcessLock());
  }

  override async acquire(...asked: Parameters<LockPortAdapter['acquire']>) {
    const lease = await super.acquire(...asked);
    this.granted += 1;
    return lease;
  }
}

describe('PlaceOrder', () => {
  let shop: InMemoryShop;
  let placeOrder: PlaceOrder;

  beforeEach(() => {
    shop = new InMemoryShop();
    placeOrder = new PlaceOrder(shop.unitOfWork, shop.known, shop.ids, shop.clock, 60_000);
  });

  it('takes the units and uses the current prices', async () => {
    const tea = await shop.add({ price: 5, stock: 10 });
    const cup = await shop.add({ price: 20, stock: 1 });
    const order = await placeOrder.execute({
      userId: 'alice',
      items: [
        { productId: cup, quantity: 1 },
        { productId: tea, quantity: 3 },
      ],
    });
    expect(order).to.deep.include({ userId: 'alice', total: 35, status: 'PENDING_PAYMENT' });
    expect(await shop.available(tea)).to.equal(7);
    expect(await shop.available(cup)).to.equal(0);
  });

  it('takes nothing when one product has too few units, and names that product', async () => {
    const tea = await shop.add({ stock: 10 });
    const cup = await shop.add({ stock: 1 });
    const items = [
      { productId: tea, quantity: 3 },
      { productId: cup, quantity: 2 },
    ];
    const error = await rejection(placeOrder.execute({ userId: 'alice', items }));
    expect(error).to.deep.include({
      code: 'insufficient_stock',
      details: { productId: cup, requested: 2, available: 1 },
    });
    expect(await shop.available(tea)).to.equal(10);
    expect((await shop.orders.list('alice', { limit: 10 })).items).to.deep.equal([]);
  });

  it('sells the last unit once to two concurrent orders', async () => {
    const items = [{ productId: await shop.add({ stock: 1 }), quantity: 1 }];
    const outcomes = await Promise.allSettled(
      ['alice', 'bob'].map((userId) => placeOrder.execute({ userId, items })),
    );
    const states = outcomes.map(({ status }) => status).sort();
    expect(states).to.deep.equal(['fulfilled', 'rejected']);
  });

  it('refuses a product that does not exist', async () => {
    const items = [{ productId: shop.ids.next(), quantity: 1 }];
    const error = await rejection(placeOrder.execute({ userId: 'alice', items }));
    expect(error).to.have.property('code', 'product_not_found');
  });

  it('takes no lock for an order of a product that does not exist', async () => {
    const lock = new CountedLock();
    shop = new InMemoryShop(lock);
    placeOrder = new PlaceOrder(shop.unitOfWork, shop.known, shop.ids, shop.clock, 60_000);
    const tea = await shop.add();
    const items = [tea, shop.ids.next()].map((productId) => ({ productId, quantity: 1 }));
    const error = await rejection(placeOrder.execute({ userId: 'alice', items }));
    expect(error).to.have.property('code', 'product_not_found');
    expect(lock.granted).to.equal(0);
  });

  describe('while other orders wait for the lock', () => {
    let lock: CountedLock;

    beforeEach(() => {
      lock = new CountedLock();
      shop = new InMemoryShop(lock);
      placeOrder = new PlaceOrder(shop.unitOfWork, shop.known, shop.ids, shop.clock, 60_000);
    });

    const place = (productId: string, quantity: number) =>
      placeOrder.execute({ userId: 'alice', items: [{ productId, quantity }] });

    it('decides all orders that wait for the same product under one lease', async () => {
      const tea = await shop.add({ stock: 1 });
      lock.granted = 0;
      const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => place(tea, 1)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      for (const reason of reasons) {
        expect(reason).to.deep.include({
          code: 'insufficient_stock',
          details: { productId: tea, requested: 1, available: 0 },
        });
      }
      // One lease for the 64 that wait at the grant, and one for the rest.
      expect(lock.granted).to.equal(2);
    });

    it('decides waiting orders in the order of their arrival, each by what is left for it', async () => {
      const tea = await shop.add({ stock: 3 });
      lock.granted = 0;
      const wanted = [2, 2, 5, 1, 1];
      const outcomes = await Promise.allSettled(wanted.map((quantity) => place(tea, quantity)));
      expect(outcomes.map(({ status }) => status)).to.deep.equal([
        ...['fulfilled', 'rejected', 'rejected', 'fulfilled', 'rejected'],
      ]);
      expect(outcomes[2]).to.have.deep.nested.property('reason.details', {
        ...{ productId: tea, requested: 5, available: 1 },
      });
      expect(lock.granted).to.equal(1);
    });

    it('does not refuse an order that comes later, because the product may be restocked', async () => {
      const tea = await shop.add({ stock: 0 });
      await rejection(place(tea, 1));
      await new RestockProduct(shop.unitOfWork).execute(tea, 1);
      expect(await place(tea, 1)).to.have.property('status', 'PENDING_PAYMENT');
    });
  });
});
