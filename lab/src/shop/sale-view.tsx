import { useState } from 'preact/hooks';
import { MAX_BUYERS } from '../../../src/adapters/http/lab/lab-bounds.js';
import { ChartFigure } from '../charts/chart-figure.js';
import { problemText } from '../texts/problem-texts.js';
import type { Texts } from '../texts/texts.js';
import { after, BEGIN, type SaleProgress, type SaleResult, startSale } from './run-sale.js';
import { SaleCounter } from './sale-counter.js';
import { SaleProof } from './sale-proof.js';

interface SaleProps {
  readonly texts: Texts;
  readonly isSelling: boolean;
  readonly onSelling: (isSelling: boolean) => void;
}

/** Starts a sale on the server, and shows its counts while it runs. */
export function SaleView({ texts, isSelling, onSelling }: SaleProps) {
  const [buyers, setBuyers] = useState(MAX_BUYERS);
  const [units, setUnits] = useState(300);
  const [progress, setProgress] = useState<SaleProgress | undefined>();
  const [result, setResult] = useState<SaleResult | undefined>();
  /** The failure of the last sale. */
  const [failure, setFailure] = useState<unknown>();
  const { shop } = texts;

  const start = async () => {
    onSelling(true);
    setFailure(undefined);
    setResult(undefined);
    let seen = BEGIN;
    setProgress(seen);
    try {
      for await (const event of startSale(buyers, units)) {
        if (event.name === 'failed') setFailure(new Error(event.data.reason));
        else if (event.name === 'finished') setResult(event.data);
        else seen = after(seen, event);
        setProgress(seen);
      }
    } catch (error) {
      setFailure(error);
    } finally {
      setProgress(undefined);
      onSelling(false);
    }
  };

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
          label={shop.buyers}
          min={2}
          max={MAX_BUYERS}
          value={buyers}
          onChange={setBuyers}
        />
        <NumberField label={shop.units} min={1} max={buyers} value={units} onChange={setUnits} />
        <button type="submit" class="primary" aria-disabled={isSelling}>
          {isSelling ? texts.running : shop.startSale}
        </button>
      </form>
      <p class="hint" role="status">
        {progress && shop.phase(progress.phase, progress.ahead)}
        {result && shop.ended}
      </p>
      {failure !== undefined && (
        <p class="problem" role="alert">
          {texts.failed}: {problemText(failure, texts.problems)}
        </p>
      )}
      {(progress ?? result) && (
        <SaleCounter {...{ texts, buyers, samples }} prepared={progress?.prepared ?? buyers} />
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

interface FieldProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, min, max, value, onChange }: FieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="number"
        min={min}
        max={max}
        required
        value={value}
        onChange={({ currentTarget: { valueAsNumber } }) => onChange(valueAsNumber)}
      />
    </label>
  );
}
