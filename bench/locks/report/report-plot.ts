import * as Plot from '@observablehq/plot';
import { svg } from '../../svg.js';
import { figure } from '../../table.js';
import { CONTESTANTS } from '../contestants.js';
import type { LockReport } from './report.js';

const COLOURS = { lockstep: '#16a34a', peer: '#94a3b8', floor: '#f59e0b', ceiling: '#f59e0b' };

const STARVING = '#f87171';
const LEGEND =
  'share of the fastest, with sections/s; green: Lockstep, red: some waiters refused or never served';

interface Row {
  readonly contestant: string;
  readonly scenario: string;
  /** Length of the bar, as a share (0 to 1) of the fastest contestant in the scenario. */
  readonly share: number;
  readonly text: string;
  readonly colour: string;
}

/** Draws the sections a second of all contestants, relative to the fastest one in each scenario. */
export function svgReport(report: LockReport): string {
  const rows = rowsOf(report);
  const place = { fx: 'scenario', y: 'contestant' } as const;
  return svg({
    ...{ width: 1_800, height: 440, marginLeft: 215, marginTop: 50, marginBottom: 50 },
    fx: {
      label: null,
      domain: report.plan.map(({ scenario }) => scenario.id),
      // A long name is broken into two lines, so that it is not wider than its panel.
      tickFormat: (id: string) => id.replace(', ', '\n'),
      padding: 0.12,
    },
    // The rest of the width leaves space for the figure beside the longest bar.
    x: { label: LEGEND, labelArrow: 'none', domain: [0, 1.8], ticks: [0, 1] },
    y: { label: null, domain: CONTESTANTS.map(({ id }) => id) },
    marks: [
      Plot.barX(rows, { ...place, x: 'share', fill: 'colour', insetTop: 1, insetBottom: 1 }),
      Plot.text(rows, { ...place, x: 'share', text: 'text', textAnchor: 'start', dx: 3 }),
    ],
  });
}

function rowsOf({ plan, summaries }: LockReport): Row[] {
  return plan.flatMap(({ scenario }) => {
    const measured = summaries.filter((summary) => summary.scenario === scenario.id);
    const fastest = Math.max(...measured.map(({ sectionsPerSecond }) => sectionsPerSecond));
    return measured.map(({ contestant, sectionsPerSecond, refusals, neverServed }) => ({
      ...{ contestant, scenario: scenario.id, share: sectionsPerSecond / fastest },
      text: figure(sectionsPerSecond),
      colour: refusals + neverServed > 0 ? STARVING : colourOf(contestant),
    }));
  });
}

function colourOf(contestant: string): string {
  return COLOURS[CONTESTANTS.find(({ id }) => id === contestant)?.kind ?? 'peer'];
}
