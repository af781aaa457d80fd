import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (from 32768 on Linux, 49152 elsewhere):
 * one of those could be taken while a server is away that is to come back on its port.
 */
const FIRST = 15_000;
const LAST = 32_000;
const MOST_TRIES = 100;

/** A port on the loopback address that was free a moment ago: whoever binds it may still come second. */
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

/** Below the ports that the system hands out by itself. */
const QUIET_PORTS = [12_000, 32_000] as const;

/** A port to ask for, free or not, that no connection going out is given meanwhile. */
export function pickQuietPort(): number {
  return randomInt(...QUIET_PORTS);
}

/** One of those that was free a moment ago, for a server that starts only after others were told of it. */
export async function findQuietPort(): Promise<number> {
  const port = pickQuietPort();
  return assertPortIsFree(port).then(
    () => port,
    () => findQuietPort(),
  );
}

/** Fails with the system's own error when `port` cannot be listened on. */
export async function assertPortIsFree(port: number): Promise<void> {
  const listener = createServer().listen(port, '127.0.0.1');
  await once(listener, 'listening');
  listener.close();
  await once(listener, 'close');
}
