import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Note, Step } from '../timeline.js';

/** What the process reports: that it is ready, a step, its commit, or why it failed. */
export type WriterMessage =
  | { readonly ready: true }
  | { readonly step: Step; readonly detail: string | number | undefined; readonly atMs: number }
  | { readonly committed: true }
  | { readonly failed: string };

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
    const fail = (why: string) => {
      const failure = new Error(`the writer ${why}`);
      ready.reject(failure);
      committed.reject(failure);
    };
    this.#exited = once(this.#child, 'exit').then(([code]) => fail(`ended with ${code}`));
    this.#child.on('message', (message: WriterMessage) => {
      if ('ready' in message) ready.resolve();
      else if ('committed' in message) committed.resolve();
      else if ('failed' in message) fail(`failed: ${message.failed}`);
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
