import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { median } from '../statistics.js';
import { figure, markdownTable, type Table } from '../table.js';
import type { TracingSample } from './bench-tracing.js';

const TITLE = 'Processor time of the instance for each request, in microseconds';

/** Medians over the rounds, with the lowest and the highest round. */
export function tracingTable(samples: readonly TracingSample[]): Table {
  const scenarios = [...new Set(samples.map(({ scenario }) => scenario))];
  const variants = [...new Set(samples.map(({ variant }) => variant))];
  const rows = variants.map((variant) => {
    const cells = scenarios.map((scenario) => {
      const own = samples.filter((each) => each.variant === variant && each.scenario === scenario);
      const times = own.map(({ microseconds }) => microseconds);
      const [low, high] = [Math.min(...times), Math.max(...times)];
      return `${figure(median(times))} (${figure(low)} to ${figure(high)})`;
    });
    return [variant, ...cells];
  });
  return { title: TITLE, columns: ['tracing', ...scenarios], rows };
}

/** Writes `tracing.md`. */
export function writeTracing(
  samples: readonly TracingSample[],
  command: string,
  folder: string,
): void {
  const table = tracingTable(samples);
  const date = new Date().toISOString().slice(0, 10);
  const text = `# What traces cost

${TITLE}: the median of the rounds, and the lowest and the highest round. There are two
instances without tracing: the difference between them is the noise of the machine. \`${command}\` wrote this page on
${date}. [The page of traces](../operations/tracing.md) explains the settings.

${markdownTable(table)}
`;
  writeFileSync(path.join(folder, 'tracing.md'), text);
}
