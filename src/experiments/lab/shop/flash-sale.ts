import type { z } from 'zod';
import type {
  SaleEvent,
  SaleRequest,
  SaleResult,
} from '../../../adapters/http/lab/shop/shop-schemas.js';
import { inParallel, type ParallelLimits } from './in-parallel.js';
import { SaleBuyer } from './sale-buyer.js';
import { SaleCounts } from './sale-counts.js';
import { PRICE, SaleProduct } from './sale-product.js';
import type { SaleService } from './sale-service.js';

/** Most requests of one sale that are under way at once. */
const MAX_OPEN = 100;

/** After this time no further request of a sale is sent, in milliseconds. */
const MAX_SALE_MS = 90_000;

/** Between two reports of prepared buyers. */
const PREPARED_EVERY = 50;

interface Sale extends z.output<typeof SaleRequest> {
  /** Part of the idempotency keys of its buyers. */
  readonly id: string;
}

/**
 * Sells the units of one product to buyers who all want it at once. They are clients of the HTTP contract, so a sale
 * takes every step that a real one takes: proxy, authentication, lock, transaction, payment.
 *
 * The product, its orders and the wallets stay in the database. Their names begin with `LAB-SALE-` and
 * `lab-sale-`. The next sale uses the same product and wallets.
 */
export async function runFlashSale(
  service: SaleService,
  sale: Sale,
  send: (event: SaleEvent) => void,
  stopping: AbortSignal,
  maxMs = MAX_SALE_MS,
): Promise<SaleResult> {
  const timeLimit = AbortSignal.timeout(maxMs);
  const limits = { atOnce: MAX_OPEN, signal: AbortSignal.any([stopping, timeLimit]) };
  try {
    return await sell(service, sale, send, limits);
  } catch (cause) {
    if (!timeLimit.aborted) throw cause;
    throw new Error(`the sale was not over after ${maxMs} ms`, { cause });
  }
}

async function sell(
  service: SaleService,
  { id, buyers: count, units }: Sale,
  send: (event: SaleEvent) => void,
  limits: ParallelLimits,
): Promise<SaleResult> {
  const product = await SaleProduct.claim(service, units);
  const buyers = await prepareBuyers(service, { id, count, product }, send, limits);
  const counts = new SaleCounts((data) => send({ name: 'counted', data }));
  const served = new Set<SaleBuyer>();
  await inParallel(buyers, limits, async (buyer) => {
    const decision = await buyer.buy(product.id);
    if (decision.status === 201) served.add(buyer);
    counts.add(decision);
  });
  const figures = counts.figures();
  send({ name: 'checking', data: {} });
  const result = {
    product: { id: product.id, sku: product.sku },
    buyers: count,
    units,
    ...figures,
    oversold: Math.max(0, figures.sold - units),
    unitsLeft: await product.unitsLeft(),
    wrongWallets: await countWrongWallets(buyers, served, limits),
  };
  // Without it the next sale creates another product, which is no reason to fail this one.
  await product.release().catch(() => {});
  return result;
}

/** Each has a wallet of its own, with the points for one unit. */
async function prepareBuyers(
  { url, token }: SaleService,
  {
    id,
    count,
    product,
  }: Pick<Sale, 'id'> & { readonly count: number; readonly product: SaleProduct },
  send: (event: SaleEvent) => void,
  limits: ParallelLimits,
): Promise<readonly SaleBuyer[]> {
  const ready: SaleBuyer[] = [];
  const names = Array.from({ length: count }, (_, i) => `${product.sku.toLowerCase()}-${i + 1}`);
  await inParallel(names, limits, async (name) => {
    const buyer = new SaleBuyer(name, id, url(), await token(name, 'customer'), limits.signal);
    await buyer.prepare(PRICE);
    ready.push(buyer);
    const { length: buyers } = ready;
    if (buyers % PREPARED_EVERY === 0) send({ name: 'prepared', data: { buyers } });
  });
  return ready;
}

/** A buyer who was served has paid the price, and every other one has paid nothing. */
async function countWrongWallets(
  buyers: readonly SaleBuyer[],
  served: ReadonlySet<SaleBuyer>,
  limits: ParallelLimits,
): Promise<number> {
  let wrong = 0;
  await inParallel(buyers, limits, async (buyer) => {
    if (!(await buyer.hasPaid(served.has(buyer) ? PRICE : 0))) wrong += 1;
  });
  return wrong;
}
