import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const STYLE = { fontSize: '12px', background: 'white', color: '#0f172a' };

/** A plot as a picture of its own. */
export function svg(options: Plot.PlotOptions): string {
  // Both packages speak of a browser's types, which this project does not load.
  const { document } = parseHTML('<html></html>') as unknown as { document: object };
  const plot = Plot.plot({ document, style: STYLE, ...options } as Plot.PlotOptions);
  plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${plot.outerHTML}\n`;
}
