import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { encode, encodeComment } from 'eventsource-encoder';
import type { Request, Response } from 'express';

export const EVENTS = 'text/event-stream';

/** One event as the stream carries it (WHATWG HTML, section 9.2). */
export function serverSentEvent(name: string, data: unknown): string {
  return encode({ event: name, data: JSON.stringify(data) });
}

/**
 * A comment every `everyMs` until there is an outcome, and then the outcome: proxies see that the
 * connection lives, and a client that is gone is noticed.
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

/** Sends events as they come. A client that hung up is no failure. */
export async function sendEvents(
  req: Request,
  res: Response,
  events: AsyncIterable<string>,
): Promise<void> {
  // A proxy that collects the answer would keep the events from the client.
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
