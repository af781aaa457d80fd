import { LockUnavailableError } from '../../domain/ports/lock-port.js';
import type { RedisScript } from './redis-script.js';

/** The part of a node-redis client that scripts need. */
export interface CommandClient {
  readonly isReady: boolean;
  sendCommand(args: readonly string[], options?: { timeout?: number }): Promise<unknown>;
  on(event: 'ready' | 'error', listener: () => void): unknown;
  off(event: 'ready' | 'error', listener: () => void): unknown;
}

export type ScriptReply = readonly number[];

/** Gets the answer that came after the timeout: the script has run all the same. */
export type LateReply = (reply: ScriptReply) => void;

// node-redis's own timeout stops counting once a command is written, and costs an AbortSignal each.
const untimed = { timeout: 0 };

/** Runs scripts on one connection, in the order they are given, and notices when Redis is down. */
export class ScriptRunner {
  constructor(
    private readonly client: CommandClient,
    private readonly timeoutMs: number,
  ) {}

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
      let waiting = true;
      const giveUp = () => {
        if (!waiting) return;
        waiting = false;
        reject(unavailable(new Error(`no answer in ${this.timeoutMs} ms`)));
      };
      // An answer that came while the event loop was blocked is read before the check phase.
      const timer = setTimeout(() => setImmediate(giveUp), this.timeoutMs);
      this.#send(script, [String(keys.length), ...keys, ...args]).then(
        (reply) => {
          clearTimeout(timer);
          if (waiting) resolve(reply as ScriptReply);
          else late?.(reply as ScriptReply);
          waiting = false;
        },
        (error: unknown) => {
          clearTimeout(timer);
          waiting = false;
          reject(unavailable(error));
        },
      );
    });
  }

  #send(script: RedisScript, rest: readonly string[]): Promise<unknown> {
    const { client } = this;
    return client.sendCommand(['EVALSHA', script.sha, ...rest], untimed).catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.sendCommand(['EVAL', script.text, ...rest], untimed);
    });
  }
}

function unavailable(cause: unknown): LockUnavailableError {
  return new LockUnavailableError('redis', cause);
}
