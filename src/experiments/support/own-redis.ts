import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoppableServer } from '../experiment.js';
import { findExecutable } from './find-executable.js';

/** Below the ports of outgoing connections, one of which could be taken while the server is stopped. */
const PORTS = [15_000, 32_000] as const;
const PORT_TRIES = 5;

const RETRY_MS = 20;

/** Undefined if this machine has no Redis that can be started. */
export function findRedisServer(): string | undefined {
  return findExecutable('redis-server');
}

/**
 * A Redis of this process alone, on the loopback address and with a password. Disposing it ends it and
 * removes its data.
 */
export class OwnRedis implements StoppableServer, AsyncDisposable {
  readonly url: string;
  readonly #port = randomInt(...PORTS);
  readonly #password = randomBytes(16).toString('hex');
  readonly #data: string;
  #server: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  /** `folder` contains the folder of its data. */
  private constructor(
    private readonly program: string,
    folder: string,
  ) {
    this.url = `redis://:${this.#password}@127.0.0.1:${this.#port}`;
    this.#data = mkdtempSync(path.join(folder, 'redis-'));
  }

  /** @throws Error this machine has no redis-server, or it does not start */
  static async launch(folder: string): Promise<OwnRedis> {
    const program = findRedisServer();
    if (!program) throw new Error('this machine has no redis-server');
    for (let attempt = 1; ; attempt += 1) {
      const redis = new OwnRedis(program, folder);
      try {
        await redis.start();
        return redis;
      } catch (error) {
        await redis[Symbol.asyncDispose]();
        // Its port may be in use.
        if (attempt === PORT_TRIES) throw error;
      }
    }
  }

  async start(): Promise<void> {
    // The settings come by its input, since every user of the machine can read its arguments.
    const server = spawn(this.program, ['-'], { stdio: ['pipe', 'ignore', 'ignore'], env: {} });
    this.#server = server;
    this.#ended = once(server, 'exit');
    const failed = this.#ended.then(() => {
      throw new Error(`redis-server ended with ${server.exitCode ?? server.signalCode}`);
    });
    server.stdin.on('error', () => {});
    server.stdin.end(this.#settings());
    await Promise.race([this.#answers(), failed]);
  }

  async stop(how?: 'abruptly'): Promise<void> {
    this.#server?.kill(how === 'abruptly' ? 'SIGKILL' : 'SIGTERM');
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('abruptly');
    rmSync(this.#data, { recursive: true, force: true });
  }

  /** A killed process keeps what it has appended to its file. */
  #settings(): string {
    return [
      'bind 127.0.0.1',
      `port ${this.#port}`,
      `requirepass ${this.#password}`,
      `dir ${JSON.stringify(this.#data)}`,
      'appendonly yes',
      'appendfsync no',
      'save ""',
    ].join('\n');
  }

  async #answers(): Promise<void> {
    // Not needed to list the experiments, which every instance does at its start.
    const { createClient } = await import('@redis/client');
    const client = createClient({
      url: this.url,
      socket: { reconnectStrategy: () => (this.#server?.exitCode === null ? RETRY_MS : false) },
    });
    // Until the server listens, each try fails.
    client.on('error', () => {});
    try {
      await client.connect();
      await untilLoaded(client);
    } finally {
      client.destroy();
    }
  }
}

/**
 * A Redis that starts with data accepts connections while it loads them, and refuses all commands.
 *
 * @throws Error the connection broke, or Redis refused the command for another reason
 */
async function untilLoaded(client: { ping(): Promise<unknown> }): Promise<void> {
  for (;;) {
    const outcome = await client.ping().catch((error: Error) => error);
    if (!(outcome instanceof Error)) return;
    if (!outcome.message.startsWith('LOADING')) throw outcome;
    await pause(RETRY_MS);
  }
}
