import type { SaleResult, SaleSample } from '../../../adapters/http/lab/shop/shop-schemas.js';
import { percentile } from '../../support/wait-figures.js';
import type { Decision } from './sale-buyer.js';

/** Between two samples, in milliseconds. */
const EVERY_MS = 100;

type Figures = Pick<
  SaleResult,
  | 'sold'
  | 'refused'
  | 'durationMs'
  | 'perSecond'
  | 'waitP50Ms'
  | 'waitP99Ms'
  | 'instances'
  | 'samples'
>;

/** Counts the decisions of a sale, and keeps a sample at intervals. */
export class SaleCounts {
  #sold = 0;
  #refused = 0;
  readonly #waitsMs: number[] = [];
  readonly #instances: Record<string, number> = {};
  readonly #samples: SaleSample[] = [{ atMs: 0, sold: 0, refused: 0 }];
  readonly #beganMs = performance.now();
  #endMs = this.#beganMs;

  /** `onSample` receives each sample when it is made. */
  constructor(private readonly onSample: (sample: SaleSample) => void) {}

  add({ status, instance, waitMs }: Decision): void {
    if (status === 201) this.#sold += 1;
    else this.#refused += 1;
    this.#waitsMs.push(waitMs);
    this.#instances[instance] = (this.#instances[instance] ?? 0) + 1;
    this.#endMs = performance.now();
    const lastMs = this.#samples.at(-1)?.atMs ?? 0;
    if (this.#endMs - this.#beganMs >= lastMs + EVERY_MS) this.#sample();
  }

  /** Call it after the last decision. */
  figures(): Figures {
    this.#sample();
    const durationMs = this.#endMs - this.#beganMs;
    return {
      sold: this.#sold,
      refused: this.#refused,
      durationMs,
      perSecond: (1_000 * this.#waitsMs.length) / durationMs,
      waitP50Ms: percentile(this.#waitsMs, 0.5),
      waitP99Ms: percentile(this.#waitsMs, 0.99),
      instances: this.#instances,
      samples: this.#samples,
    };
  }

  #sample(): void {
    const atMs = this.#endMs - this.#beganMs;
    if (atMs === this.#samples.at(-1)?.atMs) return;
    const sample = { atMs, sold: this.#sold, refused: this.#refused };
    this.#samples.push(sample);
    this.onSample(sample);
  }
}
