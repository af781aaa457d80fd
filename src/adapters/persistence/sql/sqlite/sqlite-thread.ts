import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type {
  SqliteFailure,
  SqliteReply,
  SqliteRequest,
  SqliteResult,
  SqliteSettings,
  SqliteStatement,
  SqliteWorkerData,
} from './sqlite-messages.js';

/** A statement that SQLite refused; `code` is its primary result code, such as SQLITE_BUSY. */
class SqliteError extends Error {
  override readonly name = 'SqliteError';
  readonly code: string | undefined;

  constructor({ message, code }: SqliteFailure) {
    super(message);
    this.code = code;
  }
}

/** Receives the results of the statements before the one that failed, and the error if one failed. */
type Ended = (results: readonly SqliteResult[], error?: SqliteError) => void;

/**
 * A connection to a SQLite file, on its own thread. Node's SQLite is synchronous: on the main
 * thread a long query, or a wait for the write of another process, would stop every request.
 */
export class SqliteThread {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  /** Replies come in the order of the requests. */
  private readonly waiting: Ended[] = [];
  private isReady = false;
  private isInTransaction = false;

  constructor(settings: SqliteSettings) {
    // Its own channel, because Node also sends messages on the thread's default one, for example in
    // watch mode.
    const { port1, port2 } = new MessageChannel();
    const workerData: SqliteWorkerData = { ...settings, port: port2 };
    // Without the options of this process, because one of them loads a module into every thread.
    this.worker = new Worker(new URL('./sqlite-worker.js', import.meta.url), {
      workerData,
      execArgv: [],
      transferList: [port2],
    });
    this.port = port1;
    this.port.on('message', (reply: SqliteReply) => this.settle(reply));
    // An idle connection keeps no process alive.
    this.port.unref();
    this.worker.unref();
  }

  /** Calls `done` when the connection can take statements; never in the same turn. */
  prepare(done: (error: SqliteError | null) => void): void {
    if (this.isReady) queueMicrotask(() => done(null));
    else this.reset(done);
  }

  /** Runs statements in their order, until one fails. */
  run(statements: readonly SqliteStatement[], ended: Ended): void {
    this.ask({ statements }, ended);
  }

  /** Rolls back a transaction that is still open. */
  reset(done: (error: SqliteError | null) => void): void {
    const isIdle = this.isReady && this.waiting.length === 0 && !this.isInTransaction;
    if (isIdle) done(null);
    else this.ask({ statements: [], isReset: true }, (_results, error) => done(error ?? null));
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private ask(request: SqliteRequest, ended: Ended): void {
    this.waiting.push(ended);
    this.port.ref();
    this.port.postMessage(request);
  }

  private settle({ results, failure, isInTransaction }: SqliteReply): void {
    this.isInTransaction = isInTransaction;
    this.isReady ||= failure === undefined;
    const ended = this.waiting.shift();
    if (this.waiting.length === 0) this.port.unref();
    ended?.(results, failure && new SqliteError(failure));
  }
}
