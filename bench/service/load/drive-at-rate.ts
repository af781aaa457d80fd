import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.js';
import { type Driven, type DriveOptions, openConnections, Tally } from './drive.js';

/**
 * An open loop: requests are sent at fixed times, however long the answers take. Each is timed from when
 * it had to be sent, so a request that waits for a free connection counts its wait, and a pause of the
 * service counts for all requests that were due in it ("coordinated omission", Gil Tene).
 *
 * The timers of Node are exact to a millisecond, which is part of each time.
 */
export async function driveAtRate(
  options: DriveOptions & { /** Requests a second. */ readonly rate: number },
): Promise<Driven> {
  const { urls, atOnce, ms, warmUpMs, rate, request } = options;
  const free = await openConnections(urls, atOnce);
  const connections = [...free];
  const tally = new Tally();
  const waiting: number[] = [];
  const answers: Promise<void>[] = [];
  let failure: unknown;
  const fail = (error: unknown) => {
    failure ??= error;
  };
  const begun = performance.now();
  const countsFrom = begun + warmUpMs;
  const dueAt = (number: number) => begun + (number * 1_000) / rate;

  const send = async (connection: Connection, due: number): Promise<void> => {
    for (let next: number | undefined = due; next !== undefined; next = waiting.shift()) {
      const bytes = request();
      if (!bytes) throw new Error('the prepared requests ended');
      const { status } = await connection.send(bytes);
      if (next >= countsFrom) tally.add(status, performance.now() - next);
    }
    free.push(connection);
  };

  const beginning = sleep(warmUpMs).then(options.onBegin);
  const total = Math.floor(((warmUpMs + ms) / 1_000) * rate);
  for (let sent = 0; sent < total && !failure; ) {
    const due = dueAt(sent);
    const early = due - performance.now();
    if (early > 0) {
      await sleep(early);
      continue;
    }
    sent += 1;
    // In turn: a connection that is never used is closed by the service after some seconds.
    const connection = free.shift();
    if (!connection) waiting.push(due);
    else answers.push(send(connection, due).catch(fail));
  }
  await Promise.all([beginning, ...answers]);
  if (failure) throw failure;
  const seconds = Math.max(ms, performance.now() - countsFrom) / 1_000;
  for (const connection of connections) connection.close();
  return tally.over(seconds);
}
