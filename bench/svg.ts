import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const STYLE = { fontSize: '12px', background: 'white', color: '#0f172a' };

/** Renders a plot as the text of an SVG file. */
export function svg(options: Plot.PlotOptions): string {
  // The types of both packages use the DOM, which this project does not load.
  const { document } = parseHTML('<html></html>') as unknown as { document: object };
  const plot = Plot.plot({ document, style: STYLE, ...options } as Plot.PlotOptions);
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${plot.outerHTML}\n`;
}
