import type { CommandClient } from '../../redis/command-client.js';
import type { RedisScript } from '../../redis/redis-script.js';
import { Deadline, TimeoutQueue } from '../../timeouts/timeout-queue.js';
import { LockUnavailableError } from '../lock.js';

/** Text or a number where one is all there is to tell. */
export type ScriptReply = string | number | readonly number[];

/** Who sent a script. A call back, not a promise: a lock's time is mostly that of its layers. */
export interface ReplyListener<Reply = ScriptReply> {
  heard(reply: Reply): void;
  /** No connection, no answer in time, or an error for an answer. */
  failed(reason: LockUnavailableError): void;
  /** The answer came after the timeout: the script has run all the same. */
  late(reply: Reply): void;
}

/** Runs scripts on one connection, in the order they are given, and notices when Redis is down. */
export class ScriptRunner {
  readonly #deadlines: TimeoutQueue;

  constructor(
    private readonly client: CommandClient,
    private readonly timeoutMs: number,
  ) {
    this.#deadlines = new TimeoutQueue(timeoutMs);
  }

  /** Nothing is under way. */
  get isIdle(): boolean {
    return this.#deadlines.isEmpty;
  }

  /** The listener is not called before this returns. */
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
      listener.failed(unavailable(new Error(`no answer in ${this.timeoutMs} ms`)));
    });
    this.#deadlines.add(deadline);
    script.run(
      client,
      keys,
      args,
      (reply) => {
        if (deadline.cancel()) listener.heard(reply as ScriptReply);
        else listener.late(reply as ScriptReply);
      },
      (reason) => {
        if (deadline.cancel()) listener.failed(unavailable(reason));
      },
    );
  }

  /** @throws LockUnavailableError */
  ask(
    script: RedisScript,
    keys: readonly string[],
    args: readonly string[],
  ): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      const heard = (reply: ScriptReply) => resolve(reply as readonly number[]);
      this.run(script, keys, args, { heard, failed: reject, late: () => {} });
    });
  }
}

function unavailable(cause: unknown): LockUnavailableError {
  return new LockUnavailableError('redis', cause);
}
