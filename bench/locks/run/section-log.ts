/** What one process did, in milliseconds of the machine's monotonic clock. */
export interface ProcessLog {
  /** Four numbers a section: waiter, asked, entered, left. */
  readonly sections: Float64Array;
  /** When a waiter was refused. */
  readonly refusals: Float64Array;
  /** When those who still wait had asked. */
  readonly waiting: Float64Array;
  /** Releases that failed and rejections that nobody handled. */
  readonly failures: readonly string[];
}

/** One waiter's turn with the lock; `left` is read right before the release is asked for. */
export interface Section {
  readonly process: number;
  /** Counts from 0 over all processes. */
  readonly waiter: number;
  readonly asked: number;
  readonly entered: number;
  readonly left: number;
}

/** The sections of all processes, in the order in which they were entered. */
export function sectionsOf(logs: readonly ProcessLog[], waitersEach: number): Section[] {
  const sections: Section[] = [];
  for (const [process, log] of logs.entries()) {
    for (let at = 0; at < log.sections.length; at += 4) {
      const [waiter = 0, asked = 0, entered = 0, left = 0] = log.sections.subarray(at, at + 4);
      sections.push({ process, waiter: process * waitersEach + waiter, asked, entered, left });
    }
  }
  return sections.sort((a, b) => a.entered - b.entered);
}
