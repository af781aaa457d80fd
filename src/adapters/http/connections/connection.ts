import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request that came whole enough to be handled, and the response to answer it with. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** One client connection: the request being answered, and those that wait behind it. */
export class Connection {
  /** The exchange that is handled now. */
  current: Exchange | undefined;
  /** Pipelined requests (RFC 9112, section 9.3.2), in the order in which they came. */
  waiting: Exchange[] = [];
  /** Why what came behind these requests cannot be read. */
  unreadable: NodeJS.ErrnoException | undefined;
  /** The request that came last, answered or not. */
  latest: IncomingMessage | undefined;
  /** Whether the last answer of this connection has been written. */
  isEnding = false;
  #sentBytes = -1;
  #sentAt = 0;

  constructor(readonly socket: Socket) {}

  /** For how long, in milliseconds, the client has taken nothing of an answer that is ready. */
  stalledMs(now: number): number {
    const unsent = this.socket.writableLength;
    const sent = unsent === 0 ? -1 : this.socket.bytesWritten - unsent;
    if (sent === -1 || sent !== this.#sentBytes) this.#sentAt = now;
    this.#sentBytes = sent;
    return now - this.#sentAt;
  }
}
