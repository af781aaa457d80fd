import { z } from 'zod';
import { MAX_BUYERS } from '../lab-bounds.js';
import type { EventOf, QueueEvents } from '../lab-schemas.js';

/** Body of `POST /lab/shop/sales`: that many buyers want one unit each. */
export const SaleRequest = z
  .strictObject({
    buyers: z.int().min(2).max(MAX_BUYERS).default(MAX_BUYERS),
    units: z.int().min(1).max(MAX_BUYERS).default(300),
  })
  .refine(({ buyers, units }) => units <= buyers, {
    path: ['units'],
    error: 'must not be more than buyers',
  });

/** The customer of the page, and a token of the API for this customer. */
export interface ShopCustomer {
  readonly userId: string;
  readonly token: string;
  /** Life of the token, in milliseconds. */
  readonly lifeMs: number;
}

/** Counts at one moment of a sale; time in milliseconds since its first order was sent. */
export interface SaleSample {
  readonly atMs: number;
  /** Orders that were placed and paid. */
  readonly sold: number;
  /** Buyers who were answered that nothing is left. */
  readonly refused: number;
}

/** What a sale was, from the answers of the service and from its data after the end. */
export interface SaleResult {
  readonly product: { readonly id: string; readonly sku: string };
  readonly buyers: number;
  readonly units: number;
  readonly sold: number;
  readonly refused: number;
  /** Units that are available after the sale. */
  readonly unitsLeft: number;
  /** Paid orders beyond the units. */
  readonly oversold: number;
  /** Wallets whose balance is not what their buyer charged, less the price of what the buyer got. */
  readonly wrongWallets: number;
  readonly durationMs: number;
  /** Buyers who were served or refused, per second. */
  readonly perSecond: number;
  /** Time from an order to its answer. */
  readonly waitP50Ms: number;
  readonly waitP99Ms: number;
  /** Orders by the instance that answered. */
  readonly instances: Readonly<Record<string, number>>;
  readonly samples: readonly SaleSample[];
}

/** What a stream of `POST /lab/shop/sales` sends, by the name of the event. */
export interface SaleEvents extends QueueEvents {
  /** So many buyers have charged their wallets. */
  readonly prepared: { readonly buyers: number };
  readonly counted: SaleSample;
  /** All buyers have an answer; stock and wallets are compared now. */
  readonly checking: Readonly<Record<string, never>>;
  readonly finished: SaleResult;
}

export type SaleEvent = EventOf<SaleEvents>;
