import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiResponse } from '../../../support/api-client.js';
import type { Planted } from './plant-rows.js';

/** Sends a request for each row near its expiry: most a little before it, some too late. */
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
