import type { Run } from '../api.js';
import type { Texts } from '../texts/texts.js';
import { ChartFigure } from './chart-figure.js';
import { measurementsOf } from './measurements.js';

/** The charts of a run, its variants side by side. */
export function MeasurementsView({ texts, run }: { readonly texts: Texts; readonly run: Run }) {
  const measurements = measurementsOf(run, texts);
  if (measurements.length === 0) return null;
  return (
    <section class="report" aria-label={texts.charts.heading}>
      <h3>{texts.charts.heading}</h3>
      <div class="measurements">
        {measurements.map(({ title, data }) => (
          <ChartFigure key={title} {...{ texts, title, data }} />
        ))}
      </div>
    </section>
  );
}
