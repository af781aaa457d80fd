import { setTimeout as pause } from 'node:timers/promises';
import type { ShopInstance } from './shop-instance.js';

const EVERY_MS = 200;

/** How long an answer of the naive caches lives; longer than the bound the product keeps. */
export const NAIVE_TTL_MS = 1_000;

/** Reads again and again, until every naive answer from before must be gone. */
export async function readUntilExpired(instance: ShopInstance): Promise<void> {
  const endMs = performance.now() + NAIVE_TTL_MS + EVERY_MS;
  while (performance.now() < endMs) {
    await instance.read();
    await pause(EVERY_MS);
  }
}
