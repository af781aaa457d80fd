import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { watchdog } from './processes/watchdog.js';

/** A folder that is removed when it is closed or when this process ends. */
export class TemporaryFolder implements AsyncDisposable {
  readonly path: string;

  constructor(slug: string) {
    this.path = mkdtempSync(path.join(os.tmpdir(), `lockstep-${slug}-`));
    watchdog.claim({ path: this.path });
  }

  async close(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    watchdog.giveUp({ path: this.path });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
