import { randomBytes } from 'node:crypto';
import { readSettings } from '../../src/config/settings/settings.js';
import { signToken } from '../../src/config/settings/tokens/sign-token.js';
import { ApiClient } from '../../test/support/api-client.js';
import { addProduct } from '../../test/support/shop.js';
import type { Shop } from '../invariants/read-shop-state.js';
import { LoadError } from './load-options.js';

const CUSTOMERS = 50;
const FIRST_CHARGE = 100_000;

/** A shop that nobody else buys in: products and customers of one run. */
export interface LoadShop extends Shop {
  /** Part of every idempotency key. */
  readonly run: string;
}

export interface Stocking {
  readonly products: number;
  readonly units: number;
  /** 50 unless it is set. */
  readonly customers?: number;
}

/** @throws LoadError the service does not take what is prepared */
export async function prepareShop(
  url: string,
  env: Readonly<Record<string, string>>,
  { products: count, units, customers: buyers = CUSTOMERS }: Stocking,
): Promise<LoadShop> {
  const run = randomBytes(4).toString('hex');
  const settings = readSettings({ ...env });
  const tokenOf = (user: string, role: 'customer' | 'admin') => signToken(settings, user, role);
  const admin = new ApiClient(url, await tokenOf(`load-${run}`, 'admin'));
  const products = new Map<string, number>();
  try {
    for (let i = 0; i < count; i += 1) {
      products.set(await addProduct(admin, { stock: units, category: `load-${run}` }), units);
    }
  } catch (error) {
    throw new LoadError(`${url} takes no products: ${(error as Error).message}`);
  }
  const customers = await Promise.all(
    Array.from({ length: buyers }, async (_, i) => {
      const userId = `load-${run}-${i}`;
      return { userId, token: await tokenOf(userId, 'customer') };
    }),
  );
  for (const { token } of customers) {
    await new ApiClient(url, token).post('/v1/wallets/me/charges', { amount: FIRST_CHARGE });
  }
  return { url, run, products, customers };
}
