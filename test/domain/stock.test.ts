import { expect } from 'chai';
import { MAX_STOCK, Stock } from '../../src/domain/stock/stock.js';

describe('Stock', () => {
  it('sells units until none is left', () => {
    const stock = Stock.open('p', 3).take(2).take(1);
    expect(stock.state.available).to.equal(0);
    expect(() => stock.take(1))
      .to.throw('Not enough')
      .with.property('code', 'insufficient_stock');
  });

  it('names the product and what is left when it refuses', () => {
    const refused = () => Stock.open('p', 3).take(4);
    expect(refused)
      .to.throw()
      .with.deep.property('details', { productId: 'p', requested: 4, available: 3 });
  });

  it('is immutable: each change returns a new value', () => {
    const stock = Stock.open('p', 3);
    stock.take(2);
    expect(stock.state.available).to.equal(3);
  });

  it('takes back sold units', () => {
    expect(Stock.open('p', 3).take(3).putBack(2).state.available).to.equal(2);
  });

  it('holds units without losing any, and frees or sells held units', () => {
    const held = Stock.open('p', 5).hold(3);
    expect(held.state).to.include({ available: 2, held: 3 });
    expect(held.free(3).state).to.include({ available: 5, held: 0 });
    expect(held.takeHeld(3).state).to.include({ available: 2, held: 0 });
  });

  it('holds no more units than it has, and sells no held unit', () => {
    const hold = () => Stock.open('p', 3).hold(4);
    expect(hold).to.throw().with.property('code', 'insufficient_stock');
    const take = () => Stock.open('p', 3).hold(2).take(2);
    expect(take).to.throw().with.property('code', 'insufficient_stock');
  });

  it('neither frees nor sells units that nobody holds', () => {
    const held = Stock.open('p', 5).hold(1);
    expect(() => held.free(2)).to.throw(RangeError);
    expect(() => held.takeHeld(2)).to.throw(RangeError);
  });

  it('is restocked up to its limit, held units included', () => {
    const held = { productId: 'p', available: MAX_STOCK - 10, held: 6, version: 1 };
    expect(Stock.restore(held).restock(4).state.available).to.equal(MAX_STOCK - 6);
    const refused = () => Stock.restore(held).restock(5);
    expect(refused).to.throw().with.property('code', 'stock_limit_exceeded');
  });
});
