import * as Plot from '@observablehq/plot';
import { svg } from '../../svg.js';
import type { CacheReport } from '../report.js';

const HEIGHT = 460;
const LINE_HEIGHT = 14;

/** Draws the milliseconds of each read against the order lines. Both axes are logarithmic. */
export function growthPlot({ reads, plan, dataset }: CacheReport): string {
  const place = { x: 'lines', y: 'ms', stroke: 'name' } as const;
  const times = reads.map(({ ms }) => ms);
  const [least, most] = [Math.min(...times) / 1.5, Math.max(...times) * 1.5];
  const last = reads.filter(({ lines }) => lines === dataset.lines);
  const gap = (Math.log10(most / least) / HEIGHT) * LINE_HEIGHT;
  return svg({
    ...{ width: 900, height: HEIGHT, marginLeft: 60, marginRight: 190, marginBottom: 45 },
    x: { type: 'log', label: 'order lines', ticks: plan.sizes.length, tickFormat: ',' },
    y: { type: 'log', label: 'milliseconds', domain: [least, most], grid: true },
    color: { scheme: 'Tableau10' },
    marks: [
      Plot.line(reads, { ...place, strokeWidth: 1.5 }),
      Plot.dot(reads, { ...place, r: 2.5 }),
      Plot.text(apart(last, gap), {
        ...{ x: 'lines', y: 'ms', text: 'name', fill: 'name', textAnchor: 'start', dx: 8 },
      }),
    ],
  });
}

interface Labelled {
  readonly name: string;
  readonly lines: number;
  readonly ms: number;
}

/** Moves labels up that would overlap. `gap` is the least distance, in powers of ten. */
function apart(reads: readonly Labelled[], gap: number): Labelled[] {
  let free = Number.NEGATIVE_INFINITY;
  return reads
    .toSorted((a, b) => a.ms - b.ms)
    .map(({ name, lines, ms }) => {
      const height = Math.max(Math.log10(ms), free);
      free = height + gap;
      return { name, lines, ms: 10 ** height };
    });
}
