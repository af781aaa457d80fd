import { Connection } from './connection.js';

export interface DriveOptions {
  /** Instances, to which the connections are dealt out in turn. */
  readonly urls: readonly string[];
  /** Requests at once, each on a connection of its own. */
  readonly atOnce: number;
  readonly ms: number;
  /** Nothing that is answered before it counts, in milliseconds from the beginning. */
  readonly warmUpMs: number;
  /** Called when what counts begins. */
  readonly onBegin?: () => Promise<void>;
  /** The next request of a connection. */
  request(): Buffer;
}

export interface Driven {
  readonly seconds: number;
  readonly answers: number;
  /** Answers by status, those that are neither 200 nor 201. */
  readonly refusals: Readonly<Record<number, number>>;
  /** Of each answer, in milliseconds. */
  readonly times: readonly number[];
}

/** A closed loop: each connection sends its next request when the one before was answered. */
export async function drive(options: DriveOptions): Promise<Driven> {
  const { urls, atOnce, ms, warmUpMs, request } = options;
  const connections = await Promise.all(
    Array.from({ length: atOnce }, (_, i) => Connection.open(urls[i % urls.length] ?? '')),
  );
  const times: number[] = [];
  const refusals: Record<number, number> = {};
  let counts = false;
  let isOver = false;
  const loops = connections.map(async (connection) => {
    while (!isOver) {
      const sentAt = performance.now();
      const { status } = await connection.send(request());
      if (!counts || isOver) continue;
      if (status === 200 || status === 201) times.push(performance.now() - sentAt);
      else refusals[status] = (refusals[status] ?? 0) + 1;
    }
  });
  const failed = Promise.all(loops);
  await Promise.race([sleep(warmUpMs), failed]);
  await options.onBegin?.();
  counts = true;
  const begun = performance.now();
  await Promise.race([sleep(ms), failed]);
  isOver = true;
  const seconds = (performance.now() - begun) / 1_000;
  await failed;
  for (const connection of connections) connection.close();
  return { seconds, answers: times.length, refusals, times };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
