import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports of outgoing connections (from 32768 on Linux, 49152 elsewhere). One of those could be
 * taken while a server is down that will restart on its port.
 */
const FIRST = 15_000;
const LAST = 32_000;
const MOST_TRIES = 100;

/** Ports that this process has given out. A server may bind its port long after it was found. */
const given = new Set<number>();

/** A loopback port that was free a moment ago; another program may still bind it first. */
export function findFreePort(): Promise<number> {
  return firstFree(() => randomInt(FIRST, LAST));
}

/** Below the ports that the system assigns itself. */
const QUIET_PORTS = [12_000, 32_000] as const;

/** A port that no outgoing connection gets; it may be in use. */
export function pickQuietPort(): number {
  return randomInt(...QUIET_PORTS);
}

/** A quiet port that was free a moment ago, for a server whose port is announced before it starts. */
export function findQuietPort(): Promise<number> {
  return firstFree(pickQuietPort);
}

async function firstFree(pick: () => number): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = pick();
    if (given.has(port)) continue;
    given.add(port);
    try {
      await assertPortIsFree(port);
      return port;
    } catch (error) {
      given.delete(port);
      if (attempt === MOST_TRIES) throw error;
    }
  }
}

/** @throws the error of the system when `port` cannot be bound */
export async function assertPortIsFree(port: number): Promise<void> {
  const listener = createServer().listen(port, '127.0.0.1');
  await once(listener, 'listening');
  listener.close();
  await once(listener, 'close');
}
