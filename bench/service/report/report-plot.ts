import * as Plot from '@observablehq/plot';
import { median } from '../../statistics.js';
import { svg } from '../../svg.js';
import { figure } from '../../table.js';
import { CONTESTANTS } from '../contestants.js';
import { BATCH_FLOOR, type Scenario } from '../plan.js';
import type { Sample } from '../sample.js';
import type { ServiceReport } from './report.js';

const COLOURS = { lockstep: '#16a34a', peer: '#94a3b8', floor: '#f59e0b' };

const LEGEND =
  'answers a second, as a share of the most in the scenario; at a fixed rate: p99. Green: Lockstep, grey: peers, orange: floors';

const ROW_HEIGHT = 19;

/** A bar of a floor is cut at this many times the longest bar of the other contestants. */
const LONGEST_FLOOR = 3;

/** A line of the picture: the title of a scenario, or a bar. */
interface Row {
  readonly y: number;
  /** The text in front of the bar. */
  readonly label: string;
  readonly title?: string;
  readonly share?: number;
  readonly text?: string;
  readonly colour?: string;
}

/** Draws one bar for each contestant under the title of each scenario. */
export function svgReport({ plan, samples }: ServiceReport): string {
  const rows: Row[] = [];
  for (const scenario of plan.scenarios) rows.push(...rowsOf(scenario, samples, rows.length));
  const bars = rows.filter(({ share }) => share !== undefined);
  return svg({
    width: 900,
    height: 60 + rows.length * ROW_HEIGHT,
    ...{ marginLeft: 200, marginTop: 10, marginBottom: 40, marginRight: 10 },
    // The rest of the width leaves space for the figure beside the longest bar.
    x: { label: LEGEND, labelArrow: 'none', domain: [0, 1.3], ticks: [] },
    y: { type: 'band', domain: rows.map(({ y }) => y), axis: null },
    marks: [
      Plot.barX(bars, { x: 'share', y: 'y', fill: 'colour', insetTop: 2, insetBottom: 2 }),
      Plot.text(bars, { x: 'share', y: 'y', text: 'text', textAnchor: 'start', dx: 4 }),
      Plot.text(bars, { x: 0, y: 'y', text: 'label', textAnchor: 'end', dx: -6 }),
      Plot.text(
        rows.filter(({ title }) => title),
        { ...{ x: 0, y: 'y', text: 'title', textAnchor: 'start' }, dx: -190, fontWeight: 'bold' },
      ),
    ],
  });
}

function rowsOf(scenario: Scenario, samples: readonly Sample[], first: number): Row[] {
  const { id, rate } = scenario;
  const own = samples.filter(({ scenario }) => scenario === id);
  const value = ({ perSecond, settledPerSecond = perSecond, p99Ms }: Sample) =>
    rate === undefined ? settledPerSecond : p99Ms;
  const measured = [...Map.groupBy(own, ({ contestant }) => contestant)].map(([label, all]) => ({
    ...{ label, value: median(all.map(value)), p50Ms: median(all.map(({ p50Ms }) => p50Ms)) },
  }));
  const greatest = (bars: typeof measured) => Math.max(...bars.map((each) => each.value));
  const others = measured.filter(({ label }) => colourOf(label) !== COLOURS.floor);
  const full = Math.min(greatest(measured), LONGEST_FLOOR * greatest(others));
  const shown = (value: number) => `${figure(value)}${value > full ? ' (bar cut)' : ''}`;
  return [
    { y: first, label: '', title: titleOf(scenario) },
    ...measured.map(({ label, value, p50Ms }, i) => ({
      ...{ y: first + 1 + i, label, share: Math.min(1, value / full), colour: colourOf(label) },
      text: rate === undefined ? shown(value) : `${figure(value)} (p50 ${figure(p50Ms)})`,
    })),
  ];
}

function titleOf({ id, rate, what }: Scenario): string {
  if (what === 'queuedOrder') return `${id}: decided a second`;
  return rate === undefined ? id : `${id}: p99 in ms`;
}

function colourOf(contestant: string): string {
  if (contestant === BATCH_FLOOR) return COLOURS.floor;
  return COLOURS[CONTESTANTS.find(({ id }) => id === contestant)?.kind ?? 'peer'];
}
