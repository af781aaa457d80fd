import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type {
  SqliteFailure,
  SqliteReply,
  SqliteRequest,
  SqliteResult,
  SqliteSettings,
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

interface Waiting {
  readonly resolve: (result: SqliteResult) => void;
  readonly reject: (error: SqliteError) => void;
}

/**
 * A connection to a SQLite file, on its own thread. Node's SQLite is synchronous: on the main
 * thread a long query, or a wait for the write of another process, would stop every request.
 */
export class SqliteThread {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  /** Replies come in the order of the requests. */
  private readonly waiting: Waiting[] = [];

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

  /** @throws SqliteError */
  ask(request: SqliteRequest): Promise<SqliteResult> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.port.ref();
      this.port.postMessage(request);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle(reply: SqliteReply): void {
    const asked = this.waiting.shift();
    if (this.waiting.length === 0) this.port.unref();
    if ('failure' in reply) asked?.reject(new SqliteError(reply.failure));
    else asked?.resolve(reply);
  }
}
