import { setTimeout as delay } from 'node:timers/promises';

/** Tries `check` until it neither throws nor answers false; fails with its last word. */
export async function eventually(
  check: () => unknown | Promise<unknown>,
  withinMs = 5_000,
): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      if ((await check()) !== false) return;
      if (performance.now() > end) throw new Error(`not in ${withinMs} ms: ${check}`);
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await delay(2);
  }
}
