import { readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';

/**
 * A third of the processor time that an equal process gets. With less, a run on a busy machine would take
 * many times as long. Windows has fewer steps.
 */
export const LOWER_PRIORITY =
  process.platform === 'win32' ? os.constants.priority.PRIORITY_BELOW_NORMAL : 5;

/**
 * Lowers the priority of a process, and of every thread and process that it starts later. Called right after
 * the process was started: loading its program takes about a second of processor time.
 */
export function lowerPriority(pid: number): void {
  const priority = Math.max(LOWER_PRIORITY, os.getPriority());
  // On Linux this is its first thread, which starts the others.
  os.setPriority(pid, priority);
  if (process.platform !== 'linux') return;
  for (const thread of readdirSync(`/proc/${pid}/task`)) os.setPriority(Number(thread), priority);
  try {
    // A kernel with autogroups compares priorities only inside one session. Between sessions, and this
    // process has one of its own, it compares this value.
    writeFileSync(`/proc/${pid}/autogroup`, String(LOWER_PRIORITY));
  } catch {
    // This kernel has no autogroups.
  }
}
