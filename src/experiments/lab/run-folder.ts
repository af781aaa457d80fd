import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PREFIX = 'lockstep-lab-';

/**
 * A private folder for the databases of this process's runs. Folders of processes that were killed are
 * removed first.
 */
export function openRunFolder(parent = os.tmpdir()): string {
  for (const name of readdirSync(parent)) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) removeFolder(path.join(parent, name));
  }
  return mkdtempSync(path.join(parent, `${PREFIX}${process.pid}-`));
}

/** A failure is ignored: the folder may be another user's, or removed by another process. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // It stays for the system to clean.
  }
}

function isAlive(pid: number): boolean {
  // A container's first process always has the same number.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
