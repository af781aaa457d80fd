import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ApiResponse } from '../../../support/api-client.js';

/** Connects and sends these bytes as they are; the connection stays open. */
export async function send(url: string, bytes: string | Buffer): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  // The test decides what a broken connection means.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

/** Sends these bytes unchanged and returns all bytes that the service sends before it closes the connection. */
export async function exchangeText(url: string, bytes: string | Buffer): Promise<string> {
  const socket = await send(url, bytes);
  return textUntilClosed(socket);
}

/** All bytes until the connection is closed or reset. */
export async function textUntilClosed(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('utf8');
}

/** The same, when one answer is expected. */
export async function exchange(url: string, bytes: string | Buffer): Promise<ApiResponse> {
  return parse(await exchangeText(url, bytes));
}

/** The first answer in a text. */
export function parse(text: string): ApiResponse {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const rest = text.slice(end + 4);
  const length = headers.get('content-length');
  const body = length === null ? rest : Buffer.from(rest).subarray(0, Number(length)).toString();
  const isJson = headers.get('content-type')?.includes('json') && body !== '';
  return {
    status: Number(first.split(' ')[1] ?? 0),
    headers,
    body: isJson ? JSON.parse(body) : body,
  };
}
