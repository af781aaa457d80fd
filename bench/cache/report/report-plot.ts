import * as Plot from '@observablehq/plot';
import { median } from '../../statistics.js';
import { svg } from '../../svg.js';
import { figure } from '../../table.js';
import { CONTESTANTS } from '../contestants.js';
import type { Outcome } from '../outcome.js';
import { STALE_SCENARIOS } from '../stale/scenarios.js';
import type { CacheReport } from './report.js';

const COLOURS = { lockstep: '#16a34a', peer: '#94a3b8', floor: '#f59e0b' };
const STALE = '#f87171';
const LEGEND =
  'green: Lockstep, orange: lru-cache alone, red: tries after which a replaced value stayed';

const L1 = 'L1 hits, of lru-cache';
const L2 = 'L2 hits, of raw GET';
const SEEN = 'write seen, p50 ms';
const STAYED = 'replaced values that stayed';
const PANELS = [L1, L2, SEEN, STAYED];

interface Row {
  readonly contestant: string;
  readonly panel: string;
  /** Length of the bar, as a share (0 to 1) of the greatest value in the panel. */
  readonly share: number;
  readonly text: string;
  readonly colour: string;
}

/** Draws the rates, delays and stale values of all contestants side by side. */
export function svgReport({ outcomes }: CacheReport): string {
  const rows = PANELS.flatMap((panel) => rowsOf(outcomes, panel));
  const place = { fx: 'panel', y: 'contestant' } as const;
  return svg({
    ...{ width: 1_100, height: 420, marginLeft: 200, marginTop: 40, marginBottom: 50 },
    fx: { label: null, domain: PANELS, padding: 0.12 },
    x: { label: LEGEND, labelArrow: 'none', domain: [0, 1.4], ticks: [] },
    y: { label: null, domain: CONTESTANTS.map(({ id }) => id) },
    marks: [
      Plot.barX(rows, { ...place, x: 'share', fill: 'colour', insetTop: 1, insetBottom: 1 }),
      Plot.text(rows, { ...place, x: 'share', text: 'text', textAnchor: 'start', dx: 3 }),
    ],
  });
}

function rowsOf(outcomes: readonly Outcome[], panel: string): Row[] {
  const all = outcomes.map((outcome) => ({ outcome, value: figureOf(outcome, panel) }));
  const known = all.filter(({ value }) => Number.isFinite(value));
  const greatest = Math.max(...known.map(({ value }) => value));
  return known.map(({ outcome: { contestant, stale }, value }) => ({
    ...{ contestant, panel },
    share: panel === STAYED ? value / (5 * STALE_SCENARIOS.length) : value / greatest,
    text: panel === STAYED ? countsText(stale) : figure(value),
    colour: panel === STAYED ? STALE : colourOf(contestant),
  }));
}

function figureOf({ l1, l2, latency, stale }: Outcome, panel: string): number {
  if (panel === L1) return median(l1.map(({ ofFloor }) => ofFloor));
  if (panel === L2) return median(l2.map(({ ofFloor }) => ofFloor));
  if (panel === SEEN) return median(latency.map(({ p50 }) => p50));
  return Object.values(stale).reduce((sum, count) => sum + count, 0);
}

/** The stale counts, in the sequence of the scenarios; a dash where there is none. */
function countsText(stale: Outcome['stale']): string {
  return STALE_SCENARIOS.map(({ id }) => stale[id] ?? '–').join(' ');
}

function colourOf(contestant: string): string {
  return COLOURS[CONTESTANTS.find(({ id }) => id === contestant)?.kind ?? 'peer'];
}
