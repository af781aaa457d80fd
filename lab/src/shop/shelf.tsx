import type { Texts } from '../texts/texts.js';
import type { Product, ShelfItem } from './shop-account.js';

interface ShelfProps {
  readonly texts: Texts;
  readonly shelf: readonly ShelfItem[];
  readonly onBuy: (product: Product) => void;
}

/** The products, each with its units in stock and a button that buys one. */
export function Shelf({ texts: { shop }, shelf, onBuy }: ShelfProps) {
  return (
    <ul class="shelf">
      {shelf.map(({ product, available }) => (
        <li key={product.id} data-sku={product.sku}>
          <strong>{product.name}</strong>
          <span class="price">{shop.points(product.price)}</span>
          <span class={available === 0 ? 'stock sold-out' : 'stock'}>
            {available === 0 ? shop.soldOut : shop.inStock(available)}
          </span>
          <button
            type="button"
            aria-disabled={available === 0}
            onClick={() => available > 0 && onBuy(product)}
            aria-label={shop.buyOne(product.name)}
          >
            {shop.buy}
          </button>
        </li>
      ))}
    </ul>
  );
}
