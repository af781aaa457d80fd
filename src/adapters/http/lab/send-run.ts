import type { Request, Response } from 'express';
import { heartbeatsUntil, sendEvents, serverSentEvent } from '../responses/event-stream.js';
import { HttpProblem } from '../responses/problem.js';
import { LabRefusal } from './lab.js';

/** Interval of the comments in an event stream, in milliseconds. */
const HEARTBEAT_MS = 5_000;

interface NamedEvent {
  readonly name: string;
  readonly data: unknown;
}

/**
 * Starts a run and responds with its events.
 * @throws HttpProblem the run is refused
 */
export async function sendRun(
  req: Request,
  res: Response,
  start: () => AsyncIterable<NamedEvent>,
): Promise<void> {
  await sendEvents(req, res, encoded(started(start)));
}

function started<Events>(start: () => Events): Events {
  try {
    return start();
  } catch (error) {
    if (!(error instanceof LabRefusal)) throw error;
    const code = error.reason === 'too many runs' ? 'too_many_streams' : 'validation_failed';
    throw new HttpProblem(code, error.message);
  }
}

async function* encoded(events: AsyncIterable<NamedEvent>): AsyncGenerator<string> {
  const iterator = events[Symbol.asyncIterator]();
  for (;;) {
    const next = yield* heartbeatsUntil(iterator.next(), HEARTBEAT_MS);
    if (next.done) return;
    yield serverSentEvent(next.value.name, next.value.data);
  }
}
