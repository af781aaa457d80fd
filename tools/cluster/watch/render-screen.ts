import { FIGURES } from './figures.js';
import type { Scrape } from './scrape.js';

/** An instance with its last two scrapes; undefined while it does not answer. */
export interface WatchedInstance {
  readonly name: string;
  readonly scrapes: { readonly now: Scrape; readonly before: Scrape } | undefined;
}

const TITLE_WIDTH = 32;
const COLUMN_WIDTH = 14;

/** The figures as text: a column for each instance. */
export function renderScreen(instances: readonly WatchedInstance[]): string {
  const line = (title: string, cells: readonly string[]) =>
    (
      title.padEnd(TITLE_WIDTH) + cells.map((cell) => cell.padStart(COLUMN_WIDTH)).join('')
    ).trimEnd();
  const lines = [
    line(
      '',
      instances.map(({ name }) => name),
    ),
  ];
  for (const { title, figures } of FIGURES) {
    lines.push(title);
    for (const figure of figures) {
      const cells = instances.map(({ scrapes }) => {
        const value = scrapes && figure.of(scrapes.now, scrapes.before);
        return value === undefined ? '-' : figure.format(value);
      });
      lines.push(line(`  ${figure.title}`, cells));
    }
  }
  return `${lines.join('\n')}\n`;
}
