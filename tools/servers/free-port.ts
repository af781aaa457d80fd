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

/** A loopback port that was free a moment ago; another program may still bind it first. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    try {
      await assertPortIsFree(port);
      return port;
    } catch (error) {
      if (attempt === MOST_TRIES) throw error;
    }
  }
}

/** Below the ports that the system assigns itself. */
const QUIET_PORTS = [12_000, 32_000] as const;

/** A port that no outgoing connection gets; it may be in use. */
export function pickQuietPort(): number {
  return randomInt(...QUIET_PORTS);
}

/** A quiet port that was free a moment ago, for a server whose port is announced before it starts. */
export async function findQuietPort(): Promise<number> {
  const port = pickQuietPort();
  return assertPortIsFree(port).then(
    () => port,
    () => findQuietPort(),
  );
}

/** @throws the error of the system when `port` cannot be bound */
export async function assertPortIsFree(port: number): Promise<void> {
  const listener = createServer().listen(port, '127.0.0.1');
  await once(listener, 'listening');
  listener.close();
  await once(listener, 'close');
}
