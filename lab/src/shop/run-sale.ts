import type {
  SaleEvent,
  SaleResult,
  SaleSample,
} from '../../../src/adapters/http/lab/shop/shop-schemas.js';
import { events } from '../api.js';

export type { SaleResult, SaleSample };

/** What the page knows of a sale that has not finished. */
export interface SaleProgress {
  readonly phase: 'queued' | 'preparing' | 'selling' | 'checking';
  readonly buyers: number;
  /** How many runs are before this one in the queue. */
  readonly ahead: number;
  readonly prepared: number;
  readonly samples: readonly SaleSample[];
}

/** A sale to so many buyers before its first event. */
export function beginSale(buyers: number): SaleProgress {
  return { phase: 'queued', buyers, ahead: 0, prepared: 0, samples: [] };
}

const NOTHING: SaleSample = { atMs: 0, sold: 0, refused: 0 };

/** Starts a sale and yields what happens until its end. */
export function startSale(buyers: number, units: number): AsyncGenerator<SaleEvent> {
  return events<SaleEvent>('/lab/shop/sales', { buyers, units });
}

type LiveEvent = Exclude<SaleEvent, { name: 'finished' | 'failed' }>;

export function after(progress: SaleProgress, event: LiveEvent): SaleProgress {
  switch (event.name) {
    case 'queued':
      return { ...progress, ahead: event.data.ahead };
    case 'started':
      return { ...progress, phase: 'preparing' };
    case 'prepared':
      return { ...progress, prepared: event.data.buyers };
    case 'counted': {
      const before = progress.samples.length > 0 ? progress.samples : [NOTHING];
      return { ...progress, phase: 'selling', samples: [...before, event.data] };
    }
    case 'checking':
      return { ...progress, phase: 'checking' };
  }
}

/** Buyers who were served or refused per second, up to the last sample. */
export function ratePerSecond(samples: readonly SaleSample[]): number {
  const last = samples.at(-1);
  return last && last.atMs > 0 ? (1_000 * (last.sold + last.refused)) / last.atMs : 0;
}
