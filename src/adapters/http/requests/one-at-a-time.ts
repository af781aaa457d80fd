import type { IncomingMessage } from 'node:http';

/** Largest body that does not wait for a turn, in bytes. Most are shorter. */
export const SHORT_BODY_BYTES = 1_024;

/**
 * Continues with large bodies one at a time, each in a turn of its own of the event loop. So many
 * large orders that arrive together do not delay the small requests that arrive after them: their
 * checks take up to a millisecond each.
 */
export function oneAtATime(): (
  req: IncomingMessage & { body?: unknown },
  next: () => void,
) => void {
  const waiting: (() => void)[] = [];
  const continueNext = () => {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(continueNext);
  };
  return (req, next) => {
    const length = Number(req.headers['content-length'] ?? Number.POSITIVE_INFINITY);
    const hasBody = req.body !== undefined;
    if (!hasBody || length <= SHORT_BODY_BYTES) return next();
    waiting.push(next);
    if (waiting.length === 1) setImmediate(continueNext);
  };
}
