import type { Texts } from '../texts/texts.js';
import { POPULAR_WINDOWS } from './shop-account.js';
import type { ShopData } from './use-shop.js';

/** The name of a product of a flash sale also says until when the sale may use it. */
const IN_USE = /, in use until \S+$/;

interface PopularProps {
  readonly texts: Texts;
  readonly popular: ShopData['popular'];
}

/** The items that sold most, in each window. */
export function Popular({ texts: { shop, loading }, popular }: PopularProps) {
  return (
    <div class="popular">
      {POPULAR_WINDOWS.map((window) => (
        <section key={window} data-window={window}>
          <h4>{shop.windows[window]}</h4>
          {popular[window]?.length ? (
            <ol>
              {popular[window].map(({ product, sold }) => (
                <li key={product.id}>
                  <span>{product.name.replace(IN_USE, '')}</span> <strong>{shop.sold(sold)}</strong>
                </li>
              ))}
            </ol>
          ) : (
            <p class="hint">{popular[window] ? shop.nothingSold : loading}</p>
          )}
        </section>
      ))}
    </div>
  );
}
