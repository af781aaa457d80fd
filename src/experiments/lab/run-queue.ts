import { setTimeout as pause } from 'node:timers/promises';
import { LabRefusal } from '../../adapters/http/lab/lab.js';
import type { EventOf, QueueEvents } from '../../adapters/http/lab/lab-schemas.js';

/** Most runs that wait or run. */
const MAX_RUNS = 8;

/** Longest time that the end of the instance waits for a run, in milliseconds. */
const CLOSE_MS = 2_000;

type QueueEvent = EventOf<QueueEvents>;

/** A run, which sends its own events. The signal aborts when the instance stops. */
export interface QueuedRun<Event> {
  readonly id: string;
  run(send: (event: Event) => void, signal: AbortSignal): Promise<void>;
  /** Called with the failure of the run. */
  onFailure(error: unknown): void;
}

/**
 * Runs one after another, so that they do not disturb each other, and disturb the service less.
 */
export class RunQueue {
  #last: Promise<void> = Promise.resolve();
  readonly #open = new Set<{ close(): void }>();
  readonly #closing = new AbortController();

  /**
   * Queues a run, which goes on when nobody reads its events. They end after the run.
   *
   * @throws LabRefusal as many runs as are allowed wait or run
   */
  start<Event>(queued: QueuedRun<Event>): AsyncIterable<Event | QueueEvent> {
    const ahead = this.#open.size;
    if (ahead >= MAX_RUNS) {
      throw new LabRefusal('too many runs', `${ahead} runs wait already; try again later.`);
    }
    const { events, send, close } = unbounded<Event | QueueEvent>();
    const ending = { close };
    this.#open.add(ending);
    send({ name: 'queued', data: { id: queued.id, ahead } });
    this.#last = this.#last.then(async () => {
      await this.#run(queued, send);
      this.#open.delete(ending);
      close();
    });
    return events;
  }

  /** Waits a short time for the current run. Runs that wait behind it fail. Ends all events. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the instance stops'));
    await Promise.race([this.#last, pause(CLOSE_MS, undefined, { ref: false })]);
    for (const ending of this.#open) ending.close();
  }

  async #run<Event>(
    { id, run, onFailure }: QueuedRun<Event>,
    send: (event: Event | QueueEvent) => void,
  ): Promise<void> {
    const { signal } = this.#closing;
    try {
      signal.throwIfAborted();
      send({ name: 'started', data: { id } });
      await run(send, signal);
    } catch (error) {
      onFailure(error);
      // What a process of experiments sends may be anything.
      const reason = error instanceof Error ? error.message : String(error);
      send({ name: 'failed', data: { reason } });
    }
  }
}

/** Events that wait for their reader, without a limit. When the reader leaves, the run continues. */
function unbounded<Event>() {
  const limit = { highWaterMark: Number.POSITIVE_INFINITY };
  const { readable, writable } = new TransformStream<Event, Event>({}, limit, limit);
  const writer = writable.getWriter();
  return {
    events: readable as AsyncIterable<Event>,
    send: (event: Event) => void writer.write(event).catch(() => {}),
    close: () => void writer.close().catch(() => {}),
  };
}
