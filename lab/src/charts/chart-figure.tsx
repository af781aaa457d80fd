import type { Texts } from '../texts/texts.js';
import { Plot, type PlotData, seriesColour } from './plot.js';

/** Most rows of the table of a chart. */
const MAX_ROWS = 101;

interface FigureProps {
  readonly texts: Texts;
  readonly title: string;
  readonly data: PlotData;
}

/** A chart with its title, its legend, and the same values as a table. */
export function ChartFigure({ texts, title, data }: FigureProps) {
  const { series, xs, xLabel, xNames } = data;
  return (
    <figure class="chart-figure">
      <figcaption>
        <h4>{title}</h4>
      </figcaption>
      {series.length > 1 && (
        <ul class="legend">
          {series.map(({ label, isLimit }, i) => (
            <li key={label}>
              <svg
                class={`swatch ${isLimit ? 'series-limit' : seriesColour(i)} kind-${data.kind}`}
                width="26"
                height="10"
                aria-hidden="true"
              >
                {data.kind === 'points' && !isLimit ? (
                  <circle cx="13" cy="5" r="4" />
                ) : (
                  <line x1="1" x2="25" y1="5" y2="5" />
                )}
              </svg>
              {label}
            </li>
          ))}
        </ul>
      )}
      <Plot label={texts.charts.label(title)} data={data} />
      <details>
        <summary>{texts.charts.table(title)}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll it */}
        <section class="chart-table" tabIndex={0} aria-label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{xLabel}</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {series.length > 1 ? label : data.yLabel}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rowsOf(xs.length).map((row) => (
                <tr key={row}>
                  <th scope="row">{xNames?.[row]?.replaceAll('\n', ' ') ?? shown(xs[row])}</th>
                  {series.map(({ label, values }) => (
                    <td key={label}>{shown(values[row])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}

/** The places that the table shows: all, or some at equal distances with the first and the last. */
function rowsOf(count: number): readonly number[] {
  const rows = Math.min(count, MAX_ROWS);
  return Array.from({ length: rows }, (_, i) =>
    Math.round((i * (count - 1)) / Math.max(rows - 1, 1)),
  );
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : `${Number(value.toFixed(2))}`;
}
