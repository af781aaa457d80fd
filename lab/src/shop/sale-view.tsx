import { MAX_BUYERS } from '../../../src/adapters/http/lab/lab-bounds.js';
import { ChartFigure } from '../charts/chart-figure.js';
import { NumberField } from '../fields/number-field.js';
import { problemText } from '../texts/problem-texts.js';
import type { Texts } from '../texts/texts.js';
import { SaleCounter } from './sale-counter.js';
import { SaleProof } from './sale-proof.js';
import type { useSale } from './use-sale.js';

interface SaleProps extends ReturnType<typeof useSale> {
  readonly texts: Texts;
}

/** Starts a sale on the server, and shows its counts while it runs. */
export function SaleView({ texts, sale, change, start }: SaleProps) {
  const { buyers, units, progress, result, failure } = sale;
  const { shop, wholeNumber } = texts;
  const isSelling = progress !== undefined;
  /** Of the sale that is shown; the fields may be for the next one. */
  const shownBuyers = result?.buyers ?? progress?.buyers ?? buyers;
  const samples = result?.samples ?? progress?.samples ?? [];
  return (
    <section class="report sale" aria-labelledby="sale-title">
      <h3 id="sale-title">{shop.sale}</h3>
      <p>{shop.saleExpect}</p>
      <form
        class="settings"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSelling) void start();
        }}
      >
        <NumberField
          {...{ wholeNumber }}
          label={shop.buyers}
          min={2}
          max={MAX_BUYERS}
          value={buyers}
          onChange={(value) => change({ buyers: value })}
        />
        <NumberField
          {...{ wholeNumber }}
          label={shop.units}
          min={1}
          max={Number.isNaN(buyers) ? MAX_BUYERS : Math.min(MAX_BUYERS, Math.max(1, buyers))}
          value={units}
          onChange={(value) => change({ units: value })}
        />
        <button type="submit" class="primary" aria-disabled={isSelling}>
          {isSelling ? texts.running : shop.startSale}
        </button>
      </form>
      <p class="hint" role="status">
        {progress && shop.phase(progress.phase, progress.ahead)}
        {result && `${shop.ended} ${shop.headline(result.sold, result.oversold)}`}
      </p>
      {failure !== undefined && (
        <p class="problem" role="alert">
          {texts.failed}: {problemText(failure, texts.problems)}
        </p>
      )}
      {(progress ?? result) && (
        <SaleCounter
          {...{ texts, samples }}
          buyers={shownBuyers}
          prepared={progress?.prepared ?? shownBuyers}
        />
      )}
      {result && <SaleProof {...{ texts, result }} />}
      {samples.length > 1 && (
        <ChartFigure
          texts={texts}
          title={shop.chart}
          data={{
            kind: 'line',
            xs: samples.map(({ atMs }) => atMs / 1_000),
            xLabel: shop.seconds,
            yLabel: shop.buyers,
            series: [
              { label: shop.soldUnits, values: samples.map(({ sold }) => sold) },
              { label: shop.refused, values: samples.map(({ refused }) => refused) },
            ],
          }}
        />
      )}
    </section>
  );
}
