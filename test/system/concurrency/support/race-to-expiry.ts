import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiResponse } from '../../../support/api-client.js';
import type { Planted } from './plant-rows.js';

/** Asks for each at about the moment it expires: most in time by a little, as long as nobody else is in their way, some late. */
export function raceToExpiry<T extends Planted>(
  planted: readonly T[],
  ask: (one: T) => Promise<ApiResponse>,
): Promise<ApiResponse[]> {
  return Promise.all(
    planted.map(async (one) => {
      const early = Math.random() * 1_300 - 100;
      await sleep(Math.max(0, one.expiresAt.getTime() - Date.now() - early));
      return ask(one);
    }),
  );
}
