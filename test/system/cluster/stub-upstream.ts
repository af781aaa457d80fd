import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Long enough that a proxy treats it as a long answer. */
const BODY = JSON.stringify({ text: 'x'.repeat(4_000) });

export interface ReceivedRequest {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A stub in place of an instance behind nginx. It records what it receives. */
export interface StubUpstream extends AsyncDisposable {
  readonly address: string;
  readonly received: ReceivedRequest[];
}

/**
 * Answers every request; or breaks the connection after it has read the request, like a killed
 * instance; or never answers, like one with too much work.
 */
export async function startStub(
  how: 'answers' | 'breaks off' | 'is silent',
  port = 0,
): Promise<StubUpstream> {
  const received: ReceivedRequest[] = [];
  const listener: RequestListener = async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const { method = '', headers } = req;
    received.push({ method, headers, body: Buffer.concat(chunks).toString() });
    if (how === 'breaks off') req.socket.destroy();
    else if (how === 'answers')
      res.setHeader('Content-Type', 'application/json').setHeader('ETag', '"strong"').end(BODY);
  };
  const server = createServer((req, res) => void listener(req, res));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: chosen } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { address: `127.0.0.1:${chosen}`, received, [Symbol.asyncDispose]: close };
}
