import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A parsed request and its response. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** One client connection: the current request, and the pipelined requests that wait for it. */
export class Connection {
  /** The exchange that is being handled. */
  current: Exchange | undefined;
  /** Pipelined requests (RFC 9112, section 9.3.2) in their order. */
  waiting: Exchange[] = [];
  /** Whether its next waiting request is due but has not begun. */
  isResuming = false;
  /** Node's parse error for the data after these requests. */
  parseError: NodeJS.ErrnoException | undefined;
  /** The request that was received last. */
  latest: IncomingMessage | undefined;
  /** Whether the last response of this connection has been written. */
  isEnding = false;
  #sentBytes = -1;
  #sentAt = 0;

  constructor(readonly socket: Socket) {}

  /** For how long the client has read nothing of a response that is ready, in milliseconds. */
  stalledMs(now: number): number {
    const unsent = this.socket.writableLength;
    const sent = unsent === 0 ? -1 : this.socket.bytesWritten - unsent;
    if (sent === -1 || sent !== this.#sentBytes) this.#sentAt = now;
    this.#sentBytes = sent;
    return now - this.#sentAt;
  }
}
