import { FIGURES, type FigureGroup } from './figures.js';
import type { Scrape } from './scrape.js';

/** An instance with its last two scrapes; undefined while it does not answer. */
export interface WatchedInstance {
  readonly name: string;
  readonly scrapes: { readonly now: Scrape; readonly before: Scrape } | undefined;
}

const TITLE_WIDTH = 32;
const COLUMN_WIDTH = 12;
const GAP = '   ';

/**
 * The figures as text, with a column for each instance. Where `width` characters are enough, the
 * groups stand in two halves beside each other, and all of them fit on a small terminal.
 */
export function renderScreen(instances: readonly WatchedInstance[], width = 0): string {
  const blockWidth = TITLE_WIDTH + COLUMN_WIDTH * instances.length;
  const isWide = width >= 2 * blockWidth + GAP.length;
  const half = isWide ? FIGURES.length / 2 : FIGURES.length;
  const left = block(FIGURES.slice(0, half), instances);
  const right = isWide ? block(FIGURES.slice(half), instances) : [];
  const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    `${(left[i] ?? '').padEnd(blockWidth)}${GAP}${right[i] ?? ''}`.trimEnd(),
  );
  return `${rows.join('\n')}\n`;
}

function block(groups: readonly FigureGroup[], instances: readonly WatchedInstance[]): string[] {
  const names = instances.map(({ name }) => name);
  return [line('', names), ...groups.flatMap((group) => linesOf(group, instances))];
}

function linesOf({ title, figures }: FigureGroup, instances: readonly WatchedInstance[]): string[] {
  const rows = figures.map((figure) => {
    const cells = instances.map(({ scrapes }) => {
      const value = scrapes && figure.of(scrapes.now, scrapes.before);
      return value === undefined ? '-' : figure.format(value);
    });
    return line(`  ${figure.title}`, cells);
  });
  return [title, ...rows];
}

function line(title: string, cells: readonly string[]): string {
  return title.padEnd(TITLE_WIDTH) + cells.map((cell) => cell.padStart(COLUMN_WIDTH)).join('');
}
