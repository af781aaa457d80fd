import * as Plot from '@observablehq/plot';
import { svg } from '../../svg.js';
import { figure } from '../../table.js';
import { MODES } from '../load/scenario.js';
import type { CacheReport } from '../report.js';

const COLOURS = { off: '#94a3b8', shared: '#86efac', on: '#16a34a' };

/** Draws the requests a second of each mode, with one row for each scenario. */
export function loadPlot({ loads }: CacheReport): string {
  const titles = [...new Set(loads.map(({ title }) => title))];
  const rows = loads.map(({ title, mode, requestsPerSecond }) => ({
    ...{ title, rate: requestsPerSecond, text: figure(requestsPerSecond) },
    mode: MODES.find((one) => one.mode === mode)?.title ?? mode,
    colour: COLOURS[mode],
  }));
  const fastest = Math.max(...rows.map(({ rate }) => rate));
  const place = { fy: 'title', y: 'mode', x: 'rate' } as const;
  return svg({
    ...{ width: 1_000, height: 60 * titles.length + 60, marginLeft: 80, marginRight: 240 },
    fy: { label: null, domain: titles, padding: 0.15 },
    y: { label: null, domain: MODES.map(({ title }) => title) },
    x: { label: 'requests a second', domain: [0, fastest * 1.1], grid: true },
    marks: [
      Plot.barX(rows, { ...place, fill: 'colour', insetTop: 1, insetBottom: 1 }),
      Plot.text(rows, { ...place, text: 'text', textAnchor: 'start', dx: 3 }),
    ],
  });
}
