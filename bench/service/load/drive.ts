import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection.js';

export interface DriveOptions {
  /** The URLs of the instances. Connections are assigned to them round robin. */
  readonly urls: readonly string[];
  /** Requests at once, each on a connection of its own. */
  readonly atOnce: number;
  readonly ms: number;
  /** Milliseconds from the beginning. Requests that are sent before do not count. */
  readonly warmUpMs: number;
  /** Called at the end of the warm-up, when requests begin to count. */
  readonly onBegin?: () => Promise<void>;
  /** The next request; undefined ends the run. */
  request(): Buffer | undefined;
}

export interface Driven {
  readonly seconds: number;
  readonly answers: number;
  /** The number of answers by status, for statuses of 300 and more. */
  readonly refusals: Readonly<Record<number, number>>;
  /** The time of each answer with a status below 300, in milliseconds. */
  readonly times: readonly number[];
}

/** Collects the times of successful answers, and counts all others by status. */
export class Tally {
  readonly times: number[] = [];
  readonly refusals: Record<number, number> = {};

  add(status: number, ms: number): void {
    if (status < 300) this.times.push(ms);
    else this.refusals[status] = (this.refusals[status] ?? 0) + 1;
  }

  over(seconds: number): Driven {
    const { times, refusals } = this;
    return { seconds, answers: times.length, refusals, times };
  }
}

export function openConnections(urls: readonly string[], count: number): Promise<Connection[]> {
  return Promise.all(
    Array.from({ length: count }, (_, i) => Connection.open(urls[i % urls.length] ?? '')),
  );
}

/**
 * A closed loop: each connection sends its next request when the one before was answered.
 *
 * @throws Error there was no request left before anything counted
 */
export async function drive(options: DriveOptions): Promise<Driven> {
  const { urls, atOnce, ms, warmUpMs, request } = options;
  const connections = await openConnections(urls, atOnce);
  const tally = new Tally();
  let counts = false;
  let isOver = false;
  const loops = connections.map(async (connection) => {
    while (!isOver) {
      const next = request();
      if (!next) {
        if (!counts) throw new Error('the prepared requests ended during the warm-up');
        isOver = true;
        return;
      }
      const sentAt = performance.now();
      const { status } = await connection.send(next);
      if (counts && !isOver) tally.add(status, performance.now() - sentAt);
    }
  });
  const all = Promise.all(loops);
  await Promise.race([sleep(warmUpMs), all]);
  await options.onBegin?.();
  counts = true;
  const begun = performance.now();
  await Promise.race([sleep(ms), all]);
  isOver = true;
  const seconds = (performance.now() - begun) / 1_000;
  await all;
  for (const connection of connections) connection.close();
  return tally.over(seconds);
}
