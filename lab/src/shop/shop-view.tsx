import { useRef, useState } from 'preact/hooks';
import { problemText } from '../texts/problem-texts.js';
import type { Texts } from '../texts/texts.js';
import { Popular } from './popular.js';
import { SaleView } from './sale-view.js';
import { Shelf } from './shelf.js';
import type { Product } from './shop-account.js';
import type { useSale } from './use-sale.js';
import { useShop } from './use-shop.js';

/** Points that one press of the button charges. */
const CHARGE = 100_000;

interface ShopProps {
  readonly texts: Texts;
  readonly sale: ReturnType<typeof useSale>;
}

/** The shop of the service, for one customer, and the flash sale. */
export function ShopView({ texts, sale }: ShopProps) {
  const isBusy = useRef(false);
  const [message, setMessage] = useState<string | undefined>();
  /** Why the last change was not made. */
  const [failure, setFailure] = useState<unknown>();
  const { shelf, balance, popular, account, problem, refresh } = useShop(
    sale.sale.progress === undefined,
  );
  const { shop } = texts;

  /**
   * Makes one change after another, so that a second press of a button does not buy twice. The buttons stay
   * enabled, since a disabled one would lose the focus of the keyboard.
   */
  const change = async (send: () => Promise<string>) => {
    if (isBusy.current) return;
    isBusy.current = true;
    setFailure(undefined);
    setMessage(shop.sending);
    try {
      setMessage(await send());
    } catch (error) {
      setMessage(undefined);
      setFailure(error);
    }
    // The change is done, so the next press of a button is not lost while the figures are read.
    isBusy.current = false;
    await refresh();
  };
  const buy = ({ id, name }: Product) =>
    change(async () => {
      const { total, instance } = await account.buy(id);
      return shop.bought(name, total, instance);
    });
  const charge = () =>
    change(async () => {
      await account.charge(CHARGE);
      return shop.charged(CHARGE);
    });

  return (
    <main class="shop" tabIndex={-1}>
      <h2>{shop.title}</h2>
      <p class="expect">{shop.expect}</p>
      {/* It stays in sight, since the button that was pressed may be far below. */}
      <div class="messages">
        <div class="shop-message" role="status">
          {message && <p>{message}</p>}
        </div>
        {(failure ?? problem) !== undefined && (
          <p class="problem" role="alert">
            {problemText(failure ?? problem, texts.problems)}
          </p>
        )}
      </div>
      <div class="shop-columns">
        <section class="report" aria-labelledby="shelf-title">
          <h3 id="shelf-title">{shop.catalogue}</h3>
          {balance === undefined && <p class="hint">{texts.loading}</p>}
          <Shelf {...{ texts, shelf }} onBuy={(product) => void buy(product)} />
        </section>
        <div>
          <section class="report" aria-labelledby="wallet-title">
            <h3 id="wallet-title">{shop.wallet}</h3>
            <p class="balance">{balance === undefined ? texts.loading : shop.points(balance)}</p>
            <button type="button" onClick={() => void charge()}>
              {shop.charge(CHARGE)}
            </button>
          </section>
          <section class="report" aria-labelledby="popular-title">
            <h3 id="popular-title">{shop.popular}</h3>
            <Popular {...{ texts, popular }} />
          </section>
        </div>
      </div>
      <SaleView {...{ texts, ...sale }} />
    </main>
  );
}
