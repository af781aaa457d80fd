import { LockUnavailableError } from '../../domain/ports/lock-port.js';
import type { CommandClient } from '../redis/command-client.js';
import { Deadlines } from '../redis/deadlines.js';
import type { RedisScript } from '../redis/redis-script.js';

export type ScriptReply = readonly number[];

/** Gets the answer that came after the timeout: the script has run all the same. */
export type LateReply = (reply: ScriptReply) => void;

/** Runs scripts on one connection, in the order they are given, and notices when Redis is down. */
export class ScriptRunner {
  readonly #deadlines: Deadlines;

  constructor(
    private readonly client: CommandClient,
    private readonly timeoutMs: number,
  ) {
    this.#deadlines = new Deadlines(timeoutMs);
  }

  /**
   * @throws LockUnavailableError no connection, no answer in time, or an error for an answer
   */
  run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly string[],
    late?: LateReply,
  ): Promise<ScriptReply> {
    const { client } = this;
    if (!client.isReady) return Promise.reject(unavailable(new Error('not connected')));
    return new Promise((resolve, reject) => {
      const waiting = {
        since: performance.now(),
        giveUp: () => reject(unavailable(new Error(`no answer in ${this.timeoutMs} ms`))),
      };
      this.#deadlines.add(waiting);
      script.send(client, keys, args).then(
        (reply) => {
          if (this.#deadlines.delete(waiting)) resolve(reply as ScriptReply);
          else late?.(reply as ScriptReply);
        },
        (error: unknown) => {
          this.#deadlines.delete(waiting);
          reject(unavailable(error));
        },
      );
    });
  }
}

function unavailable(cause: unknown): LockUnavailableError {
  return new LockUnavailableError('redis', cause);
}
