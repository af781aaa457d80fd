import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { ApiClient } from '../../../support/api-client.js';

interface LockUse {
  readonly granted: number;
  readonly fellBack: number;
}

/** @throws an assertion unless every instance uses the lock again, and no order runs without it */
export async function expectLockInUse(clients: readonly ApiClient[]): Promise<void> {
  const before = await Promise.all(clients.map(lockUse));
  await sleep(300);
  for (const [i, client] of clients.entries()) {
    const after = await lockUse(client);
    expect(after.fellBack).to.equal(before[i]?.fellBack);
    expect(after.granted).to.be.greaterThan(before[i]?.granted ?? 0);
  }
}

async function lockUse(client: ApiClient): Promise<LockUse> {
  const { body } = await client.get('/metrics');
  const value = (name: RegExp) => Number(name.exec(String(body))?.[1] ?? 0);
  return {
    granted: value(/^lock_wait_seconds_count\{[^}]*outcome="granted"[^}]*\} (\d+)/m),
    fellBack: value(/^lock_fallbacks_total(?:\{[^}]*\})? (\d+)/m),
  };
}
