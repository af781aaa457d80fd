import { setTimeout as delay } from 'node:timers/promises';

/**
 * How long a test waits for an expected event, in milliseconds; shorter when a fault is planted.
 */
export const WAIT_TIMEOUT_MS = Number(process.env['TEST_WAIT_TIMEOUT_MS'] ?? 30_000);

/**
 * Repeats `check` every 2 ms until it neither throws nor returns false.
 *
 * @throws the last error of `check`, or an Error that it still returned false after `withinMs`
 */
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
