import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Embedded } from '../experiment.js';

const PREFIX = 'lockstep-lab-';

/** A private folder for the databases of the runs of this process, created at the first run. */
export class RunFolder implements Embedded {
  #made: string | undefined;

  constructor(private readonly parent = os.tmpdir()) {}

  get folder(): string {
    this.#made ??= mkdtempSync(path.join(this.parent, `${PREFIX}${process.pid}-`));
    return this.#made;
  }

  remove(): void {
    if (this.#made) removeFolder(this.#made);
    this.#made = undefined;
  }
}

/** Removes the folders of processes that were killed. */
export function removeLeftFolders(parent = os.tmpdir()): void {
  for (const name of readdirSync(parent)) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined) continue;
    const folder = path.join(parent, name);
    if (isLeftover(Number(owner), folder)) removeFolder(folder);
  }
}

/** Ignores a failure: the folder may belong to another user, or another process has removed it. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // The folder stays until the system removes it.
  }
}

function isLeftover(owner: number, folder: string): boolean {
  // In a container, the first process always has the same number.
  if (owner === process.pid) return madeBeforeThisProcess(folder);
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function madeBeforeThisProcess(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && stats.birthtimeMs < performance.timeOrigin;
}
