/** The log of one process. Times are milliseconds of the machine's monotonic clock. */
export interface ProcessLog {
  /** Four numbers for each section: waiter, asked, entered, left. */
  readonly sections: Float64Array;
  /** The time of each refusal. */
  readonly refusals: Float64Array;
  /** For each waiter that still waits, the time at which it asked. */
  readonly waiting: Float64Array;
  /** Releases that failed and rejections that nobody handled. */
  readonly failures: readonly string[];
}

/** One section of a waiter under the lock. `left` is read just before it calls release. */
export interface Section {
  readonly process: number;
  /** Counts from 0 over all processes. */
  readonly waiter: number;
  readonly asked: number;
  readonly entered: number;
  readonly left: number;
}

/** Returns the sections of all processes, sorted by the time of entry. */
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
