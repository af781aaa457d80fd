import { ApiClient } from '../../test/support/api-client.js';
import { readAll } from '../../test/support/shop.js';
import type {
  CustomerState,
  OrderSent,
  OrderState,
  ProductState,
  ShopState,
} from './shop-state.js';

const AT_ONCE = 8;

/** The shop that is audited. */
export interface Shop {
  readonly url: string;
  /** Initial units of each product, by its id. */
  readonly products: ReadonlyMap<string, number>;
  readonly customers: readonly { readonly userId: string; readonly token: string }[];
}

/** Reads the state of the shop from the service, to compare it with the answers of its clients. */
export async function readShopState(shop: Shop, orders: readonly OrderSent[]): Promise<ShopState> {
  const products = await inParallel([...shop.products], ([id, initial]) =>
    readProduct(shop.url, id, initial),
  );
  const customers = await inParallel(shop.customers, ({ userId, token }) =>
    readCustomer(new ApiClient(shop.url, token), userId),
  );
  return { products, customers, orders };
}

async function readProduct(url: string, id: string, initial: number): Promise<ProductState> {
  const { status, body } = await new ApiClient(url).get(`/v1/products/${id}/stock`);
  if (status !== 200) throw new Error(`the stock of ${id} answers ${status}`);
  return { id, initial, available: body.available, held: body.held };
}

async function readCustomer(client: ApiClient, userId: string): Promise<CustomerState> {
  const wallet = await client.get('/v1/wallets/me');
  if (wallet.status !== 200) throw new Error(`the wallet of ${userId} answers ${wallet.status}`);
  const entries = await readAll<{ amount: number }>(client, '/v1/wallets/me/entries');
  const orders = await readAll<OrderState>(client, '/v1/orders');
  const { balance } = wallet.body;
  return { userId, balance, entries: entries.map(({ amount }) => amount), orders };
}

async function inParallel<T, R>(list: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = list.entries();
  const worker = async () => {
    for (const [i, item] of waiting) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
