import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { figure } from '../table.js';
import type { ServiceReport } from './report.js';
import { medianOf } from './thresholds.js';

const COLOURS: Readonly<Record<string, string>> = {
  Lockstep: '#16a34a',
  'bare Express': '#f59e0b',
  'Node http': '#f59e0b',
  'batched mysql2, no HTTP': '#f59e0b',
};
const PEER = '#94a3b8';

/** Answers a second of each contestant, one row of bars for each scenario. */
export function svgReport({ plan, samples }: ServiceReport): string {
  // Both packages speak of a browser's types, which this project does not load.
  const { document } = parseHTML('<html></html>') as unknown as { document: object };
  const contestants = [...new Set(samples.map(({ contestant }) => contestant))];
  const rows = plan.scenarios.flatMap((scenario) => {
    const all = contestants
      .map((contestant) => ({
        contestant,
        scenario: scenario.id,
        value: medianOf(samples, contestant, scenario, 'perSecond'),
      }))
      .filter(({ value }) => !Number.isNaN(value));
    const greatest = Math.max(...all.map(({ value }) => value));
    return all.map((each) => ({
      ...each,
      share: each.value / greatest,
      text: figure(each.value),
      colour: COLOURS[each.contestant] ?? PEER,
    }));
  });
  const place = { fy: 'scenario', y: 'contestant' } as const;
  const plot = Plot.plot({
    document,
    width: 900,
    height: 60 + plan.scenarios.length * contestants.length * 20,
    marginLeft: 170,
    marginRight: 270,
    style: { fontSize: '12px', background: 'white', color: '#0f172a' },
    fy: { label: null, domain: plan.scenarios.map(({ id }) => id), padding: 0.15 },
    x: { label: 'answers a second, of the greatest in the scenario', domain: [0, 1.15], ticks: [] },
    y: { label: null, domain: contestants },
    marks: [
      Plot.barX(rows, { ...place, x: 'share', fill: 'colour', insetTop: 1, insetBottom: 1 }),
      Plot.text(rows, { ...place, x: 'share', text: 'text', textAnchor: 'start', dx: 3 }),
    ],
  });
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${plot.outerHTML}\n`;
}
