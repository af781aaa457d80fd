import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port on the loopback address that was free a moment ago: whoever binds it may still come second. */
export async function findFreePort(): Promise<number> {
  const { port } = await listenOn(0);
  return port;
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
  await listenOn(port);
}

async function listenOn(port: number): Promise<AddressInfo> {
  const listener = createServer().listen(port, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return address;
}
