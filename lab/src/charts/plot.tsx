import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useTheme } from './use-theme.js';

const HEIGHT_PX = 230;
/** Space for the numbers and the label of an axis. */
const AXIS_PX = 54;
/** Height of one line of text below the horizontal axis. */
const LINE_PX = 15;

/** `line`: joined; `points`: each value alone; `bars`: one for each place on the horizontal axis. */
export type PlotKind = 'line' | 'points' | 'bars';

/** Values over the places of the horizontal axis; null where a series has none. */
export interface PlotSeries {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** A limit is always drawn as a dashed line. */
  readonly isLimit?: boolean;
}

export interface PlotData {
  readonly kind: PlotKind;
  readonly xs: readonly number[];
  readonly xLabel: string;
  /** Names in place of the numbers of the horizontal axis. */
  readonly xNames?: readonly string[];
  readonly yLabel: string;
  /** For values of very different sizes. None of them may be 0. */
  readonly isLogarithmic?: boolean;
  readonly series: readonly PlotSeries[];
}

/** A drawn chart. Its content must also be on the page as text: a canvas has none. */
export function Plot({ label, data }: { readonly label: string; readonly data: PlotData }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const theme = useTheme();
  const shape = JSON.stringify({ ...data, xs: [], series: data.series.map((one) => one.label) });

  // A chart reads its colours and names only once, so a change of either needs a new chart.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const drawn = new uPlot(optionsOf(data, element), alignedData(data), element);
    plot.current = drawn;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth !== drawn.width) {
        drawn.setSize({ width: element.clientWidth, height: HEIGHT_PX });
      }
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [theme, shape]);

  useEffect(() => plot.current?.setData(alignedData(data)), [data]);

  return <div class="plot-box" ref={box} role="img" aria-label={label} />;
}

/** The class of a series in the legend, and its colour. */
export function seriesColour(index: number): string {
  return `series-${(index % 4) + 1}`;
}

function alignedData({ xs, series }: PlotData): uPlot.AlignedData {
  return [[...xs], ...series.map(({ values }) => [...values])];
}

function optionsOf(data: PlotData, element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`);
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    padding: [12, 20, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: false, ...rangeOf(data) }, y: yScale(data) },
    axes: [xAxis(data, colour), yAxis(data, colour)],
    series: [{}, ...data.series.map((one, i) => drawnSeries(one, i, data.kind, colour))],
  };
}

function rangeOf({ kind, xs }: PlotData): { range?: uPlot.Range.MinMax } {
  // A bar is as wide on both sides of its place.
  return kind === 'bars' ? { range: [-0.6, xs.length - 0.4] } : {};
}

function yScale({ isLogarithmic }: PlotData): uPlot.Scale {
  if (isLogarithmic) return { distr: 3 };
  return { range: (_plot, _min, max) => [0, Math.max(max * 1.12, 1)] };
}

type Colour = (name: string) => string;

function xAxis({ kind, xs, xLabel, xNames }: PlotData, colour: Colour): uPlot.Axis {
  const lines = Math.max(1, ...(xNames ?? []).map((name) => name.split('\n').length));
  return {
    ...axis(xLabel, colour),
    size: 22 + lines * LINE_PX,
    ...(kind === 'bars' && { splits: [...xs], grid: { show: false } }),
    ...(xNames && { values: () => [...xNames] }),
  };
}

function yAxis({ yLabel }: PlotData, colour: Colour): uPlot.Axis {
  return {
    ...axis(yLabel, colour),
    size: AXIS_PX,
    values: (_plot, splits) => splits.map((value) => (value === null ? null : `${value}`)),
  };
}

function axis(label: string, colour: Colour): uPlot.Axis {
  const font = '12px ui-sans-serif, system-ui, sans-serif';
  const line = { stroke: colour('line-strong'), width: 1 };
  return {
    label,
    font,
    labelFont: font,
    labelSize: 20,
    stroke: colour('muted'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { ...line, size: 5 },
    border: { ...line, show: true },
  };
}

/** Each series has its own dashes, for readers who cannot tell the colours apart. */
const DASHES: readonly number[][] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

function drawnSeries(
  { label, isLimit }: PlotSeries,
  index: number,
  kind: PlotKind,
  colour: Colour,
): uPlot.Series {
  if (isLimit) {
    return { label, stroke: colour('muted'), width: 1.5, dash: [4, 4], points: { show: false } };
  }
  const stroke = colour(seriesColour(index));
  if (kind === 'bars') {
    const paths = uPlot.paths.bars?.({ size: [0.6, 72] });
    return { label, stroke, fill: stroke, points: { show: false }, ...(paths && { paths }) };
  }
  if (kind === 'points') {
    // Full and hollow points, for the same reason as the dashes.
    const fill = index % 2 === 0 ? stroke : colour('surface');
    return { label, stroke, paths: () => null, points: { show: true, size: 9, width: 2, fill } };
  }
  const dash = DASHES[index % DASHES.length] ?? [];
  return { label, stroke, width: 2, dash, points: { show: false } };
}
