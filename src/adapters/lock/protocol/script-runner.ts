import type { CommandClient } from '../../redis/command-client.js';
import type { RedisScript } from '../../redis/redis-script.js';
import { Deadline, TimeoutQueue } from '../../timeouts/timeout-queue.js';
import { LockUnavailableError } from '../lock.js';

/** What a lock script returns. */
export type ScriptReply = string | number | readonly number[];

/** Handles the reply to a script. Callbacks, not a promise: promises cost a measurable part of an acquire. */
export interface ReplyListener<Reply = ScriptReply> {
  onReply(reply: Reply): void;
  /** There is no connection, no reply came in time, or the reply is an error. */
  failed(reason: LockUnavailableError): void;
  /** The reply came after the timeout: the script has run. */
  onLateReply(reply: Reply): void;
}

/** Sends scripts on one connection, in the order of the calls, each with a timeout. */
export class ScriptRunner {
  readonly #deadlines: TimeoutQueue;

  constructor(
    private readonly client: CommandClient,
    private readonly timeoutMs: number,
  ) {
    this.#deadlines = new TimeoutQueue(timeoutMs);
  }

  /** Whether no call waits for its reply. */
  get isIdle(): boolean {
    return this.#deadlines.isEmpty;
  }

  /** Sends a script. Never calls the listener before it returns. */
  run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly string[],
    listener: ReplyListener,
  ): void {
    const { client } = this;
    if (!client.isReady) {
      queueMicrotask(() => listener.failed(unavailable(new Error('not connected'))));
      return;
    }
    const deadline = new Deadline(() => {
      listener.failed(unavailable(new Error(`no reply in ${this.timeoutMs} ms`)));
    });
    this.#deadlines.add(deadline);
    script.run(
      client,
      keys,
      args,
      (reply) => {
        if (deadline.cancel()) listener.onReply(reply as ScriptReply);
        else listener.onLateReply(reply as ScriptReply);
      },
      (reason) => {
        if (deadline.cancel()) listener.failed(unavailable(reason));
      },
    );
  }

  /** The same with a promise. @throws LockUnavailableError */
  ask(
    script: RedisScript,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      const onReply = (reply: ScriptReply) => resolve(reply as readonly number[]);
      this.run(script, keys, args, { onReply, failed: reject, onLateReply: () => {} });
    });
  }
}

function unavailable(cause: unknown): LockUnavailableError {
  return new LockUnavailableError('redis', cause);
}
