import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { RedisScript } from './redis-script.js';

/** The part of a node-redis client that the cache needs. */
export interface CommandClient {
  readonly isReady: boolean;
  sendCommand(args: readonly string[], options?: { timeout?: number }): Promise<unknown>;
  on(event: 'ready' | 'error', listener: () => void): unknown;
  off(event: 'ready' | 'error', listener: () => void): unknown;
}

// node-redis's own timeout stops counting once a command is written, and costs an AbortSignal each.
const untimed = { timeout: 0 };

/** Commands on one connection, in the order they are given, each answered in time or refused. */
export class RedisLink {
  constructor(
    private readonly client: CommandClient,
    private readonly timeoutMs: number,
  ) {}

  get isReady(): boolean {
    return this.client.isReady;
  }

  /** @throws DependencyUnavailableError no connection, no answer in time, or an error for one */
  get(key: string): Promise<string | null> {
    return this.#timed(() => this.client.sendCommand(['GET', key], untimed)) as Promise<
      string | null
    >;
  }

  /** @throws DependencyUnavailableError no connection, no answer in time, or an error for one */
  run(script: RedisScript, base: string, args: readonly string[]): Promise<unknown> {
    const rest = ['1', base, ...args];
    return this.#timed(async () => {
      try {
        return await this.client.sendCommand(['EVALSHA', script.sha, ...rest], untimed);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return this.client.sendCommand(['EVAL', script.text, ...rest], untimed);
      }
    });
  }

  #timed(send: () => Promise<unknown>): Promise<unknown> {
    if (!this.client.isReady) return Promise.reject(unavailable(new Error('not connected')));
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(unavailable(new Error(`no answer in ${this.timeoutMs} ms`)));
      // An answer that came while the event loop was blocked is read before the check phase.
      const timer = setTimeout(() => setImmediate(giveUp), this.timeoutMs);
      send().then(
        (reply) => {
          clearTimeout(timer);
          resolve(reply);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(unavailable(error));
        },
      );
    });
  }
}

function unavailable(cause: unknown): DependencyUnavailableError {
  return new DependencyUnavailableError('redis', cause);
}
