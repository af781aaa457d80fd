import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { encode, encodeComment } from 'eventsource-encoder';
import type { Request, Response } from 'express';

export const EVENTS = 'text/event-stream';

/** Encodes one event (WHATWG HTML, section 9.2). */
export function serverSentEvent(name: string, data: unknown): string {
  return encode({ event: name, data: JSON.stringify(data) });
}

/**
 * Yields a comment every `everyMs` milliseconds until `outcome` settles, and returns its value. The
 * comments keep the connection open in proxies, and a write to a client that disconnected fails.
 */
export async function* heartbeatsUntil<T>(
  outcome: Promise<T>,
  everyMs: number,
): AsyncGenerator<string, T> {
  const over = new AbortController();
  const settled = outcome.then((value) => ({ value })).finally(() => over.abort());
  try {
    for (;;) {
      const beat = pause(everyMs, undefined, { signal: over.signal, ref: false });
      const next = await Promise.race([settled, beat.catch(() => settled)]);
      if (next) return next.value;
      yield encodeComment('waiting');
    }
  } finally {
    over.abort();
  }
}

/** Sends the events. A client that disconnects is not an error. */
export async function sendEvents(
  req: Request,
  res: Response,
  events: AsyncIterable<string>,
): Promise<void> {
  // Without this header nginx buffers the response.
  res.set({ 'Content-Type': EVENTS, 'X-Accel-Buffering': 'no' });
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  res.flushHeaders();
  await pipeline(events, res).catch((error: unknown) => {
    if (!res.closed && !res.destroyed) throw error;
  });
}
