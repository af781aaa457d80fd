const NEVER_CHANGED = new Int32Array(new SharedArrayBuffer(4));

/** Stops everything in this process, without use of the processor. */
export function blockEventLoop(ms: number): void {
  Atomics.wait(NEVER_CHANGED, 0, 0, ms);
}
