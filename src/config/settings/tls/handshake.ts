import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { TlsOptions } from './tls-options.js';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Longest wait for an answer, in milliseconds. */
const WAIT_TIMEOUT_MS = 1_000;

/**
 * Sends `words` to a server over TLS. Returns the failure; undefined: the server has answered. With
 * TLS 1.3 a server refuses a client certificate after the handshake, so a connection alone proves
 * nothing.
 */
export function failureOverTls(place: Place, tls: TlsOptions, words: string): Promise<unknown> {
  const socket = connectSecurely({ ...tls, ...place, timeout: WAIT_TIMEOUT_MS });
  socket.once('secureConnect', () => socket.write(words));
  return failureOn(socket);
}

/** The same in plain text; `words` must hold no secret. */
export function failureInPlainText(place: Place, words: string): Promise<unknown> {
  const socket = connect({ ...place, timeout: WAIT_TIMEOUT_MS });
  socket.once('connect', () => socket.write(words));
  return failureOn(socket);
}

async function failureOn(socket: Socket): Promise<unknown> {
  socket.once('timeout', () => socket.destroy(new Error('no answer')));
  const closed = once(socket, 'close').then(() => {
    throw new Error('closed without an answer');
  });
  try {
    // An error of the socket rejects both promises.
    await Promise.race([once(socket, 'data'), closed]);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}
