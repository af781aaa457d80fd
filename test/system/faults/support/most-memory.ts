import { setTimeout as sleep } from 'node:timers/promises';
import { samples } from '../../../adapters/http/support/prometheus-samples.js';
import type { ApiClient } from '../../../support/api-client.js';

/** Resident memory that a process may use in addition to its heap, in megabytes. */
export const BESIDES_HEAP_MB = 300;

/** An instance that does not answer in this time is asked again, in milliseconds. */
const MAX_WAIT_MS = 5_000;

/** The most resident memory of an instance until `over`, in megabytes; 0 when it never answered. */
export async function mostMemory(operator: ApiClient, over: AbortSignal): Promise<number> {
  let most = 0;
  while (!over.aborted) {
    const nothing = { body: '' };
    const answer = operator.get('/metrics').catch(() => nothing);
    const { body } = await Promise.race([answer, sleep(MAX_WAIT_MS, nothing)]);
    const resident = samples(body).find(({ name }) => name === 'process_resident_memory_bytes');
    most = Math.max(most, (resident?.value ?? 0) / 2 ** 20);
    await sleep(250);
  }
  return most;
}
