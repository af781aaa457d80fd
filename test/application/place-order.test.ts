import { expect } from 'chai';
import { PlaceOrder } from '../../src/application/orders/place-order.js';
import { InMemoryShop } from '../support/in-memory-shop.js';
import { rejection } from '../support/rejection.js';

describe('PlaceOrder', () => {
  let shop: InMemoryShop;
  let placeOrder: PlaceOrder;

  beforeEach(() => {
    shop = new InMemoryShop();
    placeOrder = new PlaceOrder(shop.unitOfWork, shop.ids, shop.clock, 60_000);
  });

  it('takes the units and charges the prices of this moment', async () => {
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

  it('takes nothing when one of the products runs short, and names that one', async () => {
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

  it('sells the last unit once to two who want it at the same time', async () => {
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
});
