import type { LocalCluster } from '../../../../tools/cluster/local-cluster.js';
import { auditPayments, auditShop } from '../../../../tools/invariants/audit-ledgers.js';
import { readShopState } from '../../../../tools/invariants/read-shop-state.js';
import type { Verdict } from '../../../../tools/invariants/verdict.js';
import { type LoadShop, prepareShop } from '../../../../tools/load/prepare-shop.js';
import { Customers, chargedOnce } from '../../../support/traffic/customers.js';
import type { RequestSeen } from '../../../support/traffic/request-log.js';
import { allSettle } from '../behind-nginx/judge-traffic.js';
import { TrafficThroughNginx } from '../behind-nginx/traffic.js';

/** So many customers that none reaches QUOTA_UNPAID_ORDERS within half an hour. */
const STOCKING = { products: 10, units: 100_000, customers: 100 };
/** The longest time until a queued order is settled: brokers may be down in between. */
const SETTLE_MS = 90_000;

/** What the clients of one nginx saw, and what the ledger audit found. */
export interface LoadSeen {
  readonly requests: readonly RequestSeen[];
  readonly verdicts: readonly Verdict[];
}

/** Orders, payments, charges, reads and queued orders through one nginx, in a shop of its own. */
export class Load implements Disposable {
  readonly #traffic: TrafficThroughNginx;
  readonly #customers: Customers;

  private constructor(
    private readonly shop: LoadShop,
    rate: number,
  ) {
    // With the payments of half of the orders, and the orders that are paid by card, these are all of the rate.
    this.#traffic = new TrafficThroughNginx(shop, { reads: 0.5 * rate, orders: 0.14 * rate });
    this.#customers = new Customers(
      shop,
      { charges: 0.1 * rate, cardPayments: 0.045 * rate, queuedOrders: 0.1 * rate },
      SETTLE_MS,
    );
  }

  /** @param rate requests per second, without repeats and without the looks at queued orders */
  static async start({ env }: LocalCluster, url: string, rate: number): Promise<Load> {
    return new Load(await prepareShop(url, env, STOCKING), rate);
  }

  /** Sends nothing more, and waits for nothing. */
  [Symbol.dispose](): void {
    this.#traffic[Symbol.dispose]();
    this.#customers[Symbol.dispose]();
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
        ...chargedOnce(served, state.customers),
        ...served.verdicts,
        allSettle(seen),
      ],
    };
  }
}
