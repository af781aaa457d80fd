import { setTimeout as sleep } from 'node:timers/promises';
import { samples } from '../../../adapters/http/support/prometheus-samples.js';
import type { ApiClient } from '../../../support/api-client.js';

/** Resident memory that a process may use in addition to its heap, in megabytes. */
export const BESIDES_HEAP_MB = 300;

/** The most resident memory of an instance until `over`, in megabytes; 0 when it never answered. */
export async function mostMemory(operator: ApiClient, over: AbortSignal): Promise<number> {
  let most = 0;
  while (!over.aborted) {
    const { body } = await operator.get('/metrics').catch(() => ({ body: '' }));
    const resident = samples(body).find(({ name }) => name === 'process_resident_memory_bytes');
    most = Math.max(most, (resident?.value ?? 0) / 2 ** 20);
    await sleep(250);
  }
  return most;
}
