import { Deadline, TimeoutQueue } from '../timeouts/timeout-queue.js';
import { type CommandClient, untimed } from './command-client.js';
import { keepLastFailure, lastFailure } from './connections/last-failure.js';
import type { RedisScript } from './redis-script.js';
import { RedisUnavailableError } from './redis-unavailable-error.js';

/**
 * Receives the reply to one command. These are callbacks, not promises: most of the time of a
 * cache hit or of a lock call is spent in the layers above Redis.
 */
export interface ReplyListener<Reply = unknown, Failure = RedisUnavailableError> {
  onReply(reply: Reply): void;
  /** Not connected, no reply in time, or an error as the reply. */
  onFailure(error: Failure): void;
  /** The reply came after the timeout: the command has run all the same. */
  onLateReply?(reply: Reply): void;
}

/** Sends commands and scripts on one connection, in the order of the calls, each with one timeout. */
export class TimedClient {
  readonly #deadlines: TimeoutQueue;

  constructor(
    private readonly client: CommandClient,
    /** Milliseconds after which a command without a reply has failed. */
    private readonly timeoutMs: number,
  ) {
    this.#deadlines = new TimeoutQueue(timeoutMs);
    keepLastFailure(client);
  }

  /** No command waits for its reply. */
  get isIdle(): boolean {
    return this.#deadlines.isEmpty;
  }

  /** Calls one method of the listener, once, and never before this method returns. */
  send(args: readonly string[], listener: ReplyListener): void {
    const deadline = this.#deadline(listener);
    if (!deadline) return;
    this.client.sendCommand(args, untimed).then(
      (reply) => take(reply, deadline, listener),
      (error: unknown) => fail(error, deadline, listener),
    );
  }

  /** The same for a script. */
  runScript(
    script: RedisScript,
    keys: readonly string[],
    args: readonly string[],
    listener: ReplyListener,
  ): void {
    const deadline = this.#deadline(listener);
    if (!deadline) return;
    script.run(
      this.client,
      keys,
      args,
      (reply) => take(reply, deadline, listener),
      (error) => fail(error, deadline, listener),
    );
  }

  /** @throws RedisUnavailableError not connected, no reply in time, or an error as the reply */
  askScript(
    script: RedisScript,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<unknown> {
    return new Promise((onReply, onFailure) => {
      this.runScript(script, keys, args, { onReply, onFailure });
    });
  }

  /** Undefined without a connection. */
  #deadline(listener: ReplyListener): Deadline | undefined {
    if (!this.client.isReady) {
      const cause = lastFailure(this.client);
      const error = new RedisUnavailableError(new Error('not connected', { cause }));
      queueMicrotask(() => listener.onFailure(error));
      return undefined;
    }
    const deadline = new Deadline(() => {
      const cause = new Error(`no reply in ${this.timeoutMs} ms`);
      listener.onFailure(new RedisUnavailableError(cause));
    });
    this.#deadlines.add(deadline);
    return deadline;
  }
}

function take(reply: unknown, deadline: Deadline, listener: ReplyListener): void {
  if (deadline.cancel()) listener.onReply(reply);
  else listener.onLateReply?.(reply);
}

function fail(error: unknown, deadline: Deadline, listener: ReplyListener): void {
  if (deadline.cancel()) listener.onFailure(new RedisUnavailableError(error));
}
