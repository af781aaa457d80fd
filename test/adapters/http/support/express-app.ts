import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { ApiClient } from '../../../support/api-client.js';

export interface ServedApp extends AsyncDisposable {
  readonly client: ApiClient;
}

/** Serves any Express application on a free port. */
export async function serveApp(app: Express): Promise<ServedApp> {
  const server: Server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    client: new ApiClient(`http://127.0.0.1:${port}`),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
