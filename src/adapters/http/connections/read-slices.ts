import type { Socket } from 'node:net';

/** Bytes that are parsed at once: most requests are shorter. */
const SLICE = 1_024;

/**
 * Hands what a read of the socket brought to Node's parser bit by bit, and drops the rest once the
 * socket is destroyed. Left alone, the parser makes requests of all that a read brings (64 KiB,
 * some 2,000 requests) before anyone can say that it is too much, and they are freed only when all
 * sockets that were ready to be read have been.
 */
export function readInSlices(socket: Socket): void {
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (!Buffer.isBuffer(chunk) || chunk.length <= SLICE) return push(chunk, encoding);
    let wantsMore = true;
    for (let at = 0; at < chunk.length && !socket.destroyed; at += SLICE) {
      wantsMore = push(chunk.subarray(at, at + SLICE));
    }
    return wantsMore && !socket.destroyed;
  };
  // With a listener the data takes the way through the stream, and not straight to the parser.
  socket.on('data', () => undefined);
}
