import type { Socket } from 'node:net';

/** Bytes that are parsed at once; most requests are shorter. */
const SLICE_BYTES = 1_024;

/** Most bytes of requests that wait for the parser: as many as the headers of one request may have. */
const MAX_HELD_BYTES = 32 * 1_024;

/**
 * Passes the bytes of a socket to Node's parser in slices, and drops the rest after the socket is
 * destroyed. Without this the parser makes requests of a whole read (64 KiB, some 2,000 requests)
 * before `Connections` can close the connection. Their memory is freed only after all sockets that
 * were ready were read.
 *
 * While it is on hold, the parser gets nothing, and the operating system keeps what arrives.
 */
export class SlicedReads {
  readonly #push: Socket['push'];
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Whether the client sent the end of its data after the bytes that are held. */
  #isEnded = false;
  #isOnHold = false;
  #isReleasing = false;

  /** @param onOverflow called when a connection on hold has too many bytes that nobody parsed */
  constructor(
    private readonly socket: Socket,
    private readonly onOverflow: () => void,
  ) {
    this.#push = socket.push.bind(socket);
    socket.push = (chunk: unknown, encoding?: BufferEncoding) => this.#take(chunk, encoding);
    // Once it had a listener, Node passes the data through the stream, and not directly to the parser.
    const listener = () => undefined;
    socket.on('data', listener).off('data', listener);
  }

  /** Whether the client sent something that the parser did not get yet. */
  get hasHeld(): boolean {
    return this.#held.length > 0 || this.#isEnded;
  }

  hold(): void {
    this.#isOnHold = true;
  }

  /** Passes on what is held, until it is on hold again. */
  release(): void {
    this.#isOnHold = false;
    // The parser got the start of a request from here, and the rest follows.
    if (this.#isReleasing) return;
    this.#isReleasing = true;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const chunk of held) this.#take(chunk);
    this.#isReleasing = false;
    if (!this.#isEnded || this.#held.length > 0 || this.socket.destroyed) return;
    this.#isEnded = false;
    this.#push(null);
  }

  /** Returns false to stop the reads from the operating system. */
  #take(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (!Buffer.isBuffer(chunk)) {
      if (chunk !== null || this.#held.length === 0) return this.#push(chunk, encoding);
      this.#isEnded = true;
      return false;
    }
    let wantsMore = true;
    for (let at = 0; at < chunk.length && !this.socket.destroyed; at += SLICE_BYTES) {
      if (this.#isOnHold) return this.#keep(chunk.subarray(at));
      wantsMore = this.#push(chunk.subarray(at, at + SLICE_BYTES));
    }
    return wantsMore && !this.socket.destroyed;
  }

  #keep(rest: Buffer): false {
    this.#held.push(rest);
    this.#heldBytes += rest.length;
    if (this.#heldBytes > MAX_HELD_BYTES) this.onOverflow();
    return false;
  }
}
