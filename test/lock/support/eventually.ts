import { setTimeout as delay } from 'node:timers/promises';
import { WAIT_TIMEOUT_MS } from '../../../tools/servers/eventually.js';

/** Tries `check` until it neither throws nor answers false; fails with its last word. */
export async function eventually(
  check: () => unknown | Promise<unknown>,
  withinMs = WAIT_TIMEOUT_MS,
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
