import type { Socket } from 'node:net';

/** Bytes that are parsed at once; most requests are shorter. */
const SLICE_BYTES = 1_024;

/**
 * Passes the bytes of a socket to Node's parser in slices, and drops the rest after the socket is
 * destroyed. Without this the parser makes requests of a whole read (64 KiB, some 2,000 requests)
 * before `Connections` can close the connection. Their memory is freed only after all sockets that
 * were ready were read.
 */
export function readInSlices(socket: Socket): void {
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (!Buffer.isBuffer(chunk) || chunk.length <= SLICE_BYTES) return push(chunk, encoding);
    let wantsMore = true;
    for (let at = 0; at < chunk.length && !socket.destroyed; at += SLICE_BYTES) {
      wantsMore = push(chunk.subarray(at, at + SLICE_BYTES));
    }
    return wantsMore && !socket.destroyed;
  };
  // Once it had a listener, Node passes the data through the stream, and not directly to the parser.
  const listener = () => undefined;
  socket.on('data', listener).off('data', listener);
}
