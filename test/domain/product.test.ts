import { expect } from 'chai';
import { Product } from '../../src/domain/catalogue/product.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const LATER = new Date('2026-01-02T03:04:06.000Z');
const product = Product.create(
  { id: 'p', sku: 'TEA', name: 'Tea', price: 5, category: 'tea' },
  NOW,
);

describe('Product', () => {
  it('changes the given fields and keeps the others', () => {
    const { state } = product.revise({ price: 7 }, LATER);
    expect(state).to.deep.equal({ ...product.state, price: 7, updatedAt: LATER });
  });

  it('refuses a change that means another version', () => {
    const seen = Product.restore({ ...product.state, version: 3 });
    expect(() => seen.require(({ version }) => version === 3)).not.to.throw();
    expect(() => seen.require(({ version }) => version === 2))
      .to.throw()
      .with.property('code', 'precondition_failed');
  });
});
