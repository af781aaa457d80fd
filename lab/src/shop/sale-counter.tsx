import type { Texts } from '../texts/texts.js';
import { ratePerSecond, type SaleSample } from './run-sale.js';

interface CounterProps {
  readonly texts: Texts;
  readonly buyers: number;
  readonly prepared: number;
  readonly samples: readonly SaleSample[];
}

/** Sold, refused and the rate, up to now. */
export function SaleCounter({ texts: { shop }, buyers, prepared, samples }: CounterProps) {
  const { sold = 0, refused = 0 } = samples.at(-1) ?? {};
  const isSelling = samples.length > 0;
  const done = isSelling ? sold + refused : prepared;
  const figures = [
    ['sold', shop.soldUnits, sold],
    ['refused', shop.refused, refused],
    ['rate', shop.rate, Math.round(ratePerSecond(samples))],
  ] as const;
  return (
    <div class="sale-counter">
      <progress
        max={buyers}
        value={done}
        aria-label={isSelling ? shop.answered : shop.preparedBuyers}
      />
      <dl>
        {figures.map(([name, label, value]) => (
          <div key={name} data-figure={name}>
            <dt>{label}</dt>
            <dd>{shop.number(value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
