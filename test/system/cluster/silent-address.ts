import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The address of a machine that is gone: it takes no connection and refuses none. */
export interface SilentAddress extends AsyncDisposable {
  readonly address: string;
}

/** Listens with the shortest queue, and prints its port. */
const LISTENER = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));
`;

/** An attempt without an answer for this long has found the queue full, in milliseconds. */
const FULL_AFTER_MS = 300;

/**
 * A paused process whose queue of new connections is full: the system drops every further packet that
 * asks for a connection.
 */
export async function startSilentAddress(): Promise<SilentAddress> {
  await using resources = new AsyncDisposableStack();
  const child = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
  resources.defer(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const port = Number(line);
  child.kill('SIGSTOP');
  while (await takesConnection(port, resources));
  const owned = resources.move();
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Makes a connection that stays open, and returns whether the system accepted it. */
async function takesConnection(port: number, resources: AsyncDisposableStack): Promise<boolean> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  // It breaks when the process ends.
  socket.on('error', () => undefined);
  resources.defer(async () => void socket.destroy());
  return await accepted(socket);
}

async function accepted(socket: Socket): Promise<boolean> {
  const signal = AbortSignal.timeout(FULL_AFTER_MS);
  return once(socket, 'connect', { signal }).then(
    () => true,
    () => false,
  );
}
