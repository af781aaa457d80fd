import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExecutable } from '../../../../src/experiments/support/find-executable.js';
import { findFreePort } from '../../../../tools/servers/free-port.js';
import { eventually } from '../../../contract/eventually.js';

/** A separate redis-server in a temporary folder, which a test may stop, pause and restart. */
export class RedisServer {
  #process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(
      await findFreePort(),
      await mkdtemp(join(tmpdir(), 'lock-redis-')),
    );
    await server.up();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    const options = [
      '--port',
      this.port,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    const program = findExecutable('redis-server');
    if (!program) throw new Error('these tests need a redis-server on the PATH');
    this.#process = spawn(program, [...options.map(String), '--dir', this.folder], {
      stdio: 'ignore',
    });
    await eventually(() => answers(this.port), 60_000);
  }

  /** Stops it at once. Its data is lost. */
  async down(): Promise<void> {
    const process = this.#process;
    if (!process) return;
    this.#process = undefined;
    const exited = once(process, 'exit');
    process.kill('SIGKILL');
    await exited;
  }

  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.down();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function answers(port: number): Promise<void> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    await once(socket, 'data');
  } finally {
    socket.destroy();
  }
}
