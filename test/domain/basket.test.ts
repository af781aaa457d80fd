import { expect } from 'chai';
import { Basket } from '../../src/domain/orders/basket.js';

describe('Basket', () => {
  it('names its products in one global order', () => {
    const items = ['c', 'a', 'b'].map((productId) => ({ productId, quantity: 1 }));
    expect(new Basket(items).productIds).to.deep.equal(['a', 'b', 'c']);
  });

  it('knows how many units of each product are wanted, and of no other', () => {
    const basket = new Basket([{ productId: 'a', quantity: 3 }]);
    expect(basket.quantityOf('a')).to.equal(3);
    expect(() => basket.quantityOf('b')).to.throw(RangeError);
  });

  it('takes no product twice', () => {
    const item = { productId: 'a', quantity: 1 };
    expect(() => new Basket([item, item])).to.throw(RangeError);
  });
});
