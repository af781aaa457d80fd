import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** Has `server` listen on a free loopback port. */
export async function listenAnywhere(server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    await once(server, 'close');
  };
  return { port, close };
}
