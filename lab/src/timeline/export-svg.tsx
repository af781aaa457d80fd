import { render } from 'preact';
import type { Report } from '../api.js';
import type { Texts } from '../texts/texts.js';
import chartCss from './chart.css?raw';
import { Chart } from './chart.js';

const WIDTH = 1_000;

/** Colours of the light theme, since a report is usually printed. */
const COLOURS = `svg{--surface:#fff;--text:#16202e;--muted:#566270;--line:#e6e9ee;--line-strong:#cfd5de;
--waiting:#b26a00;--waiting-soft:#ffedd1;--held:#2f62d9;--open:#8a63d2;--committed:#157a3c;
--refused:#c0262d;--accent:#2446a8}`;

/** One timeline as an SVG file that needs no other file. */
export function svgOf(report: Report, title: string, texts: Texts): string {
  const { timeline, lostUpdates, outcome } = report;
  const room = document.createElement('div');
  const totalMs = timeline.at(-1)?.atMs ?? 0;
  render(
    <Chart {...{ texts, timeline, lostUpdates, totalMs }} widthPx={WIDTH} gutterPx={80} />,
    room,
  );
  const chart = room.querySelector('svg');
  if (!chart) throw new Error('nothing was drawn');
  const height = Number(chart.getAttribute('height'));
  chart.setAttribute('y', '54');
  const inner = new XMLSerializer().serializeToString(chart);
  const figures = texts.figures(outcome).map(([label, value]) => `${label} ${value}`);
  const line = [texts.headline(outcome), ...figures].join(' · ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height + 60}" viewBox="0 0 ${WIDTH} ${height + 60}">
<style>${COLOURS}${chartCss}</style>
<rect width="100%" height="100%" fill="#fff"/>
<g font-family="system-ui, sans-serif" fill="#16202e">
<text x="10" y="22" font-size="16" font-weight="700">${escaped(title)}</text>
<text x="10" y="42" font-size="13">${escaped(line)}</text>
</g>
${inner}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
