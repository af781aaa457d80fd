import type { z } from 'zod';
import { LabShop } from '../../../adapters/http/lab/shop/lab-shop.js';
import type {
  SaleEvent,
  SaleRequest,
  ShopCustomer,
} from '../../../adapters/http/lab/shop/shop-schemas.js';
import type { RunQueue } from '../run-queue.js';
import { newRunId } from '../run-records.js';
import { runFlashSale } from './flash-sale.js';
import type { SaleService } from './sale-service.js';

/** The customer of the page. */
const CUSTOMER = 'lab-customer';

interface ShopOptions {
  readonly queue: RunQueue;
  readonly service: SaleService;
  /** Life of the tokens that `service` signs, in milliseconds. */
  readonly tokenLifeMs: number;
  readonly onFailure: (error: unknown) => void;
}

/** The shop of the lab, on the service itself: its products, wallets and orders are real ones. */
export class DemoShop extends LabShop {
  constructor(private readonly options: ShopOptions) {
    super();
  }

  override async customer(): Promise<ShopCustomer> {
    const { service, tokenLifeMs } = this.options;
    const token = await service.token(CUSTOMER, 'customer');
    return { userId: CUSTOMER, token, lifeMs: tokenLifeMs };
  }

  override sell(request: z.output<typeof SaleRequest>): AsyncIterable<SaleEvent> {
    const { queue, service, onFailure } = this.options;
    const id = newRunId();
    return queue.start<SaleEvent>({
      id,
      run: async (send, signal) => {
        const data = await runFlashSale(service, { id, ...request }, send, signal);
        send({ name: 'finished', data });
      },
      onFailure,
    });
  }
}
