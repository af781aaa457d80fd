import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Note, Step } from '../timeline.js';

/** What the process reports: that it is ready, a step, or its commit. */
export type WriterMessage =
  | { readonly ready: true }
  | { readonly step: Step; readonly detail: string | number | undefined; readonly atMs: number }
  | { readonly committed: true };

/** A writer in its own process. It blocks after its commit, so that it can be killed there. */
export class WriterProcess implements AsyncDisposable {
  /** Both reject when the process ends first. */
  readonly ready: Promise<void>;
  readonly committed: Promise<void>;
  readonly #child;
  readonly #exited: Promise<unknown>;

  constructor(
    file: URL,
    data: object,
    private readonly note: Note,
  ) {
    const ready = Promise.withResolvers<void>();
    const committed = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.committed = committed.promise;
    // The caller awaits them one after the other, and may fail in between.
    this.ready.catch(() => {});
    this.committed.catch(() => {});
    this.#child = fork(fileURLToPath(file), [JSON.stringify(data)]);
    this.#exited = once(this.#child, 'exit').then(([code]) => {
      const failure = new Error(`the writer ended with ${code}`);
      ready.reject(failure);
      committed.reject(failure);
    });
    this.#child.on('message', (message: WriterMessage) => {
      if ('ready' in message) ready.resolve();
      else if ('committed' in message) committed.resolve();
      else note(message.step, message.detail, message.atMs);
    });
  }

  write(): void {
    this.#child.send('write');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
    this.note('killed');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
