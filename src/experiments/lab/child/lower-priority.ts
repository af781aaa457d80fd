import { readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';

/**
 * A third of the processor time that an equal process gets. With less, a run on a busy machine would take
 * many times as long. Windows has fewer steps.
 */
export const LOWER_PRIORITY =
  process.platform === 'win32' ? os.constants.priority.PRIORITY_BELOW_NORMAL : 5;

/** Lowers the priority of this process, and of every thread and process that it starts later. */
export function lowerPriority(): void {
  const priority = Math.max(LOWER_PRIORITY, os.getPriority());
  if (process.platform !== 'linux') {
    os.setPriority(priority);
    return;
  }
  // On Linux each thread has a priority of its own, and Node has started some threads already.
  for (const thread of readdirSync('/proc/self/task')) os.setPriority(Number(thread), priority);
  try {
    // A kernel with autogroups compares priorities only inside one session. Between sessions, and this
    // process has one of its own, it compares this value.
    writeFileSync('/proc/self/autogroup', String(LOWER_PRIORITY));
  } catch {
    // This kernel has no autogroups.
  }
}
