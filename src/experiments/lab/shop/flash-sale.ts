import type { z } from 'zod';
import type { Role } from '../../../adapters/http/auth/caller.js';
import type {
  SaleEvent,
  SaleRequest,
  SaleResult,
} from '../../../adapters/http/lab/shop/shop-schemas.js';
import { ShopClient } from '../../support/ordering/shop-client.js';
import { inParallel, type ParallelLimits } from './in-parallel.js';
import { SaleBuyer } from './sale-buyer.js';
import { SaleCounts } from './sale-counts.js';

/** Most requests of one sale that are under way at once. */
const MAX_OPEN = 100;

/** After this time no further request of a sale is sent, in milliseconds. */
const MAX_SALE_MS = 90_000;

/** Points; each buyer charges enough for one unit. */
const PRICE = 1_000;

/** Between two reports of prepared buyers. */
const PREPARED_EVERY = 50;

/** The service, and what its clients need to call it. */
export interface SaleService {
  /** Address to which the buyers send; in a cluster that of the proxy. */
  url(): string;
  token(userId: string, role: Role): Promise<string>;
}

interface Sale extends z.output<typeof SaleRequest> {
  /** Part of the names of its product and its buyers. */
  readonly id: string;
}

/**
 * Sells a new product to buyers who all want it at once. They are clients of the HTTP contract, so a sale
 * takes every step that a real one takes: proxy, authentication, lock, transaction, payment.
 *
 * The product, its orders and the wallets stay in the database. Their names begin with `LAB-` and `lab-`.
 */
export async function runFlashSale(
  service: SaleService,
  { id, buyers: count, units }: Sale,
  send: (event: SaleEvent) => void,
  stopping: AbortSignal,
): Promise<SaleResult> {
  const limits = {
    atOnce: MAX_OPEN,
    signal: AbortSignal.any([stopping, AbortSignal.timeout(MAX_SALE_MS)]),
  };
  const product = await createProduct(service, { id, units });
  const buyers = await prepareBuyers(service, { id, count }, send, limits);
  const counts = new SaleCounts((data) => send({ name: 'counted', data }));
  const served = new Set<SaleBuyer>();
  await inParallel(buyers, limits, async (buyer) => {
    const decision = await buyer.buy(product.id);
    if (decision.status === 201) served.add(buyer);
    counts.add(decision);
  });
  const figures = counts.figures();
  send({ name: 'checking', data: {} });
  return {
    product,
    buyers: count,
    units,
    ...figures,
    oversold: Math.max(0, figures.sold - units),
    unitsLeft: await unitsLeft(service, product.id),
    wrongWallets: await countWrongWallets(buyers, served, limits),
  };
}

async function createProduct(
  { url, token }: SaleService,
  { id, units }: Pick<Sale, 'id' | 'units'>,
): Promise<SaleResult['product']> {
  const admin = new ShopClient(await token('lab-admin', 'admin'));
  const name = `Flash sale of the lab, ${units} units`;
  const described = { sku: `LAB-${id}`, name, category: 'lab', price: PRICE, stock: units };
  const answer = await admin.post(`${url()}/v1/products`, described);
  if (answer.status !== 201) throw new Error(`POST /v1/products answered ${answer.status}`);
  const created = (await answer.json()) as SaleResult['product'];
  return { id: created.id, sku: created.sku };
}

/** Each has a wallet of its own, with the points for one unit. */
async function prepareBuyers(
  { url, token }: SaleService,
  { id, count }: { readonly id: string; readonly count: number },
  send: (event: SaleEvent) => void,
  limits: ParallelLimits,
): Promise<readonly SaleBuyer[]> {
  const ready: SaleBuyer[] = [];
  const names = Array.from({ length: count }, (_, i) => `lab-${id}-${i + 1}`);
  await inParallel(names, limits, async (name) => {
    const buyer = new SaleBuyer(name, url(), await token(name, 'customer'), limits.signal);
    await buyer.charge(PRICE);
    ready.push(buyer);
    const { length: buyers } = ready;
    if (buyers % PREPARED_EVERY === 0) send({ name: 'prepared', data: { buyers } });
  });
  return ready;
}

async function unitsLeft({ url }: SaleService, productId: string): Promise<number> {
  const answer = await fetch(`${url()}/v1/products/${productId}/stock`);
  return ((await answer.json()) as { available: number }).available;
}

/** A buyer who was served has paid the price; every other one still has it. */
async function countWrongWallets(
  buyers: readonly SaleBuyer[],
  served: ReadonlySet<SaleBuyer>,
  limits: ParallelLimits,
): Promise<number> {
  let wrong = 0;
  await inParallel(buyers, limits, async (buyer) => {
    if ((await buyer.balance()) !== (served.has(buyer) ? 0 : PRICE)) wrong += 1;
  });
  return wrong;
}
