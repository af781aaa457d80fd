import { setTimeout as pause } from 'node:timers/promises';
import { renderScreen, type WatchedInstance } from './render-screen.js';
import { Scrape } from './scrape.js';

const EVERY_MS = 1_000;

/** Moves to the top left corner, and removes what is below. */
const CLEAR = '\x1b[H\x1b[J';

interface Output {
  readonly isTTY?: boolean;
  /** Width of the terminal, in characters. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows the figures of the instances on one screen, live, until `stopping` aborts. Never rejects. */
export async function watchFigures(
  addresses: Readonly<Record<string, string>>,
  output: Output,
  stopping: AbortSignal,
): Promise<void> {
  const names = Object.keys(addresses);
  const last = new Map<string, Scrape>();
  while (!stopping.aborted) {
    const instances = await Promise.all(
      names.map(async (name): Promise<WatchedInstance> => {
        const before = last.get(name);
        const now = await scrape(addresses[name] ?? '').catch(() => undefined);
        if (now) last.set(name, now);
        else last.delete(name);
        return { name, scrapes: now && before && { now, before } };
      }),
    );
    if (stopping.aborted) return;
    output.write(`${output.isTTY ? CLEAR : '\n'}${renderScreen(instances, output.columns)}`);
    await pause(EVERY_MS, undefined, { signal: stopping }).catch(() => {});
  }
}

async function scrape(url: string): Promise<Scrape> {
  const signal = AbortSignal.timeout(EVERY_MS);
  const answer = await fetch(new URL('/metrics', url), { signal });
  if (!answer.ok) throw new Error(`/metrics answers ${answer.status}`);
  return new Scrape(await answer.text(), performance.now());
}
