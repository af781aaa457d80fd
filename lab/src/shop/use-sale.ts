import { useRef, useState } from 'preact/hooks';
import { MAX_BUYERS } from '../../../src/adapters/http/lab/lab-bounds.js';
import { isSignedOut } from '../api.js';
import { after, beginSale, type SaleProgress, type SaleResult, startSale } from './run-sale.js';

/** The sale of this page, and the numbers of the next one. */
export interface Sale {
  /** NaN while its field has no number. */
  readonly buyers: number;
  readonly units: number;
  /** Undefined while no sale is under way. */
  readonly progress: SaleProgress | undefined;
  readonly result: SaleResult | undefined;
  /** The failure of the last sale. */
  readonly failure: unknown;
}

const NEW: Sale = {
  buyers: MAX_BUYERS,
  units: 300,
  progress: undefined,
  result: undefined,
  failure: undefined,
};

/** A flash sale that goes on, and keeps its result, when the reader opens another panel. */
export function useSale(onFinished: (result: SaleResult) => void) {
  const [sale, setSale] = useState(NEW);
  const finished = useRef(onFinished);
  finished.current = onFinished;
  const change = (changed: Partial<Sale>) => setSale((known) => ({ ...known, ...changed }));

  const start = async () => {
    let progress = beginSale(sale.buyers);
    change({ progress, result: undefined, failure: undefined });
    try {
      for await (const event of startSale(sale.buyers, sale.units)) {
        if (event.name === 'failed') change({ failure: new Error(event.data.reason) });
        else if (event.name === 'finished') {
          change({ result: event.data });
          finished.current(event.data);
        } else {
          progress = after(progress, event);
          change({ progress });
        }
      }
    } catch (failure) {
      if (!isSignedOut(failure)) change({ failure });
    } finally {
      change({ progress: undefined });
    }
  };

  return { sale, change, start };
}
