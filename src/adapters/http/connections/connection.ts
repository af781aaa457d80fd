import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SlicedReads } from './sliced-reads.js';

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
  /** How many of its last responses in a row were refusals. */
  refusals = 0;
  /** What the client sends, on its way to Node's parser. */
  readonly reads: SlicedReads;
  /** Node's parse error for the data after these requests. */
  parseError: NodeJS.ErrnoException | undefined;
  /** The request that was received last. */
  latest: IncomingMessage | undefined;
  /** Whether the last response of this connection has been written. */
  isEnding = false;
  #sentBytes = -1;
  #sentAt = 0;

  /** @param onOverflow called when the client sent far more requests than may wait */
  constructor(
    readonly socket: Socket,
    onOverflow: () => void,
  ) {
    this.reads = new SlicedReads(socket, () => {
      // The bytes after an incomplete request are those of its body, which the operating system holds back.
      if (this.latest?.complete) onOverflow();
    });
  }

  /** For how long the client has read nothing of a response that is ready, in milliseconds. */
  stalledMs(now: number): number {
    const unsent = this.socket.writableLength;
    const sent = unsent === 0 ? -1 : this.socket.bytesWritten - unsent;
    if (sent === -1 || sent !== this.#sentBytes) this.#sentAt = now;
    this.#sentBytes = sent;
    return now - this.#sentAt;
  }
}
