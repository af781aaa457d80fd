import type { z } from 'zod';
import type { SaleEvent, SaleRequest, ShopCustomer } from './shop-schemas.js';

/** Lets the page act as a customer of the service, and sends buyers to a flash sale. */
export abstract class LabShop {
  /** The customer is always the same; the token is a new one, and valid for a short time. */
  abstract customer(): Promise<ShopCustomer>;

  /**
   * Queues a sale behind the runs of the experiments. It goes on when nobody reads its events, which end
   * after `finished` or `failed`.
   *
   * @throws LabRefusal too many runs wait
   */
  abstract sell(request: z.output<typeof SaleRequest>): AsyncIterable<SaleEvent>;
}
