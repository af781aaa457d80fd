import { Worker } from 'node:worker_threads';
import type { Note, Step } from '../timeline.js';

/** Longest pause, if it is not ended before. */
export const LONGEST_PAUSE_MS = 20_000;

/** What the thread reports: a step, or how its request ended. */
export type ThreadMessage =
  | { readonly step: Step; readonly detail: string | number | undefined; readonly atMs: number }
  | { readonly acknowledged: boolean };

/** A request in its own thread, which blocks until it is resumed. */
export class PausedThread implements AsyncDisposable {
  /** Resolves once the thread is blocked. */
  readonly paused: Promise<void>;
  /** Whether its request was acknowledged; rejects when the thread failed. */
  readonly acknowledged: Promise<boolean>;
  readonly #exited = Promise.withResolvers<void>();
  readonly #gate = new Int32Array(new SharedArrayBuffer(4));

  constructor(file: URL, data: object, note: Note) {
    const paused = Promise.withResolvers<void>();
    const acknowledged = Promise.withResolvers<boolean>();
    const failed = (error: unknown) => {
      paused.reject(error);
      acknowledged.reject(error);
    };
    this.paused = paused.promise;
    this.acknowledged = acknowledged.promise;
    // The caller awaits them one after the other, and may fail in between.
    this.paused.catch(() => {});
    this.acknowledged.catch(() => {});
    const worker = new Worker(file, { workerData: { ...data, gate: this.#gate } });
    worker.on('error', failed);
    worker.on('exit', (code) => {
      failed(new Error(`the thread ended with ${code}`));
      this.#exited.resolve();
    });
    worker.on('message', (message: ThreadMessage) => {
      if ('acknowledged' in message) {
        acknowledged.resolve(message.acknowledged);
        return;
      }
      note(message.step, message.detail, message.atMs);
      if (message.step === 'paused') paused.resolve();
    });
  }

  resume(): void {
    Atomics.store(this.#gate, 0, 1);
    Atomics.notify(this.#gate, 0);
  }

  /** Lets the thread close its connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    await this.#exited.promise;
  }
}
