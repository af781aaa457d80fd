import type { LocalCluster } from '../../../../tools/cluster/local-cluster.js';
import { auditPayments, auditShop } from '../../../../tools/invariants/audit-ledgers.js';
import { readShopState } from '../../../../tools/invariants/read-shop-state.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import { type LoadShop, prepareShop } from '../../../../tools/load/prepare-shop.js';
import { CHARGE, Customers, type CustomersSeen } from '../../upgrade/customers.js';
import { allSettle } from '../behind-nginx/judge-traffic.js';
import type { RequestSeen } from '../behind-nginx/request-log.js';
import { TrafficThroughNginx } from '../behind-nginx/traffic.js';

const STOCKING = { products: 10, units: 100_000, customers: 20 };
/** The longest time until a queued order is settled: brokers may be down in between. */
const SETTLE_MS = 90_000;

/** What the clients of one nginx saw, and what the ledger audit found. */
export interface LoadSeen {
  readonly requests: readonly RequestSeen[];
  readonly verdicts: readonly Verdict[];
}

/** Orders, payments, charges, reads and queued orders through one nginx, in a shop of its own. */
export class Load {
  readonly #traffic: TrafficThroughNginx;
  readonly #customers: Customers;

  private constructor(
    private readonly shop: LoadShop,
    rate: number,
  ) {
    this.#traffic = new TrafficThroughNginx(shop, { reads: 0.6 * rate, orders: 0.15 * rate });
    this.#customers = new Customers(
      shop,
      { charges: 0.1 * rate, cardPayments: 0.05 * rate, queuedOrders: 0.1 * rate },
      SETTLE_MS,
    );
  }

  /** @param rate requests per second, without repeats and without the payments of orders */
  static async start({ env }: LocalCluster, url: string, rate: number): Promise<Load> {
    return new Load(await prepareShop(url, env, STOCKING), rate);
  }

  /** Sends no new request, and compares the ledgers with the answers. */
  async stop(): Promise<LoadSeen> {
    const [seen, served] = await Promise.all([this.#traffic.stop(), this.#customers.stop()]);
    const state = await readShopState(this.shop, [...seen.orders, ...served.orders]);
    return {
      requests: [...seen.requests, ...served.log.requests],
      verdicts: [
        ...auditShop(state),
        ...auditPayments(state.customers, seen.payments),
        ...charges(served, state.customers),
        ...served.verdicts,
        allSettle(seen),
      ],
    };
  }
}

/** Each charge was sent once, so the ledger has all that were acknowledged, and no more than were sent. */
export function charges(
  { charges: acknowledged, chargesSent }: Pick<CustomersSeen, 'charges' | 'chargesSent'>,
  customers: readonly { readonly userId: string; readonly entries: readonly number[] }[],
): Verdict[] {
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const { userId, entries } of customers) {
    const found = entries.filter((amount) => amount === CHARGE).length;
    const known = acknowledged.get(userId) ?? 0;
    const sent = chargesSent.get(userId) ?? 0;
    if (found < known) lost.push(`${userId}: ${found} charges, ${known} acknowledged`);
    if (found > sent) doubled.push(`${userId}: ${found} charges, ${sent} sent`);
  }
  const total = [...acknowledged.values()].reduce((sum, count) => sum + count, 0);
  return [
    verdictOf('every acknowledged charge is in the ledger', total, lost),
    verdictOf('no charge is in the ledger twice', total, doubled),
  ];
}
