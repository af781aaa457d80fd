import { Deadline, type DeadlineOwner, TimeoutQueue } from '../timeouts/timeout-queue.js';
import { type CommandClient, type ReplyListener, sendTo } from './command-client.js';
import { keepLastFailure, lastFailure } from './connections/last-failure.js';
import type { RedisScript } from './redis-script.js';
import { RedisUnavailableError } from './redis-unavailable-error.js';

/** Receives the reply to a command that has a timeout. */
export interface TimedReplyListener<Reply = unknown, Failure = RedisUnavailableError>
  extends ReplyListener<Reply, Failure> {
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
  send(args: readonly string[], listener: TimedReplyListener): void {
    if (this.#isConnected(listener)) sendTo(this.client, args, this.#timed(listener));
  }

  /** The same for a script. */
  runScript(
    script: RedisScript,
    keys: readonly string[],
    args: readonly string[],
    listener: TimedReplyListener,
  ): void {
    if (this.#isConnected(listener)) script.run(this.client, keys, args, this.#timed(listener));
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

  /** Without a connection, the listener gets a failure. */
  #isConnected(listener: TimedReplyListener): boolean {
    if (this.client.isReady) return true;
    const cause = lastFailure(this.client);
    const error = new RedisUnavailableError(new Error('not connected', { cause }));
    queueMicrotask(() => listener.onFailure(error));
    return false;
  }

  #timed(listener: TimedReplyListener): PendingReply {
    const pending = new PendingReply(listener, this.timeoutMs);
    this.#deadlines.add(pending.deadline);
    return pending;
  }
}

/** A command that waits for its reply. */
class PendingReply implements ReplyListener, DeadlineOwner {
  readonly deadline = new Deadline(this);

  constructor(
    private readonly listener: TimedReplyListener,
    private readonly timeoutMs: number,
  ) {}

  onReply(reply: unknown): void {
    if (this.deadline.cancel()) this.listener.onReply(reply);
    else this.listener.onLateReply?.(reply);
  }

  onFailure(error: unknown): void {
    if (this.deadline.cancel()) this.listener.onFailure(new RedisUnavailableError(error));
  }

  onExpired(): void {
    const cause = new Error(`no reply in ${this.timeoutMs} ms`);
    this.listener.onFailure(new RedisUnavailableError(cause));
  }
}
