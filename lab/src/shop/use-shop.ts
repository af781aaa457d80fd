import { useCallback, useEffect, useState } from 'preact/hooks';
import { POPULAR_WINDOWS, type PopularItems, type ShelfItem, ShopAccount } from './shop-account.js';

/** Time between two reads, in milliseconds. Other customers change the same data. */
const REFRESH_MS = 5_000;

/** What the service answered last; empty before the first answer. */
export interface ShopData {
  readonly shelf: readonly ShelfItem[];
  readonly balance: number | undefined;
  readonly popular: Readonly<Record<string, PopularItems['items']>>;
}

interface Shop extends ShopData {
  readonly account: ShopAccount;
  /** Why the last read failed. */
  readonly problem: unknown;
  readonly refresh: () => Promise<void>;
}

/** The data of the shop, read now and at intervals while `isIdle`. */
export function useShop(isIdle: boolean): Shop {
  const [account] = useState(() => new ShopAccount());
  const [data, setData] = useState<ShopData>({ shelf: [], balance: undefined, popular: {} });
  const [problem, setProblem] = useState<unknown>();
  const refresh = useCallback(async () => {
    try {
      setData(await read(account));
      setProblem(undefined);
    } catch (error) {
      setProblem(error);
    }
  }, [account]);

  useEffect(() => {
    if (!isIdle) return;
    void refresh();
    const timer = setInterval(() => {
      if (!document.hidden) void refresh();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [isIdle, refresh]);

  return { ...data, account, problem, refresh };
}

async function read(account: ShopAccount): Promise<ShopData> {
  const [shelf, balance, rankings] = await Promise.all([
    account.shelf(),
    account.balance(),
    Promise.all(POPULAR_WINDOWS.map((window) => account.popular(window))),
  ]);
  const popular = Object.fromEntries(
    POPULAR_WINDOWS.map((window, i) => [window, rankings[i]?.items ?? []]),
  );
  return { shelf, balance, popular };
}
