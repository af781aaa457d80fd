import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ConcurrentUpdateError,
  LeaseLostError,
  ResourceBusyError,
} from '../../../../src/domain/ports/failures.js';
import type { UnitOfWork } from '../../../../src/domain/ports/unit-of-work.js';
import { walletKey } from '../../../../src/domain/resource-keys.js';
import type { Random } from '../support/random.js';
import type { EventLog } from './event-log.js';

/** Failures after which nothing was committed. After any other failure there may be a commit. */
const REFUSALS = [ConcurrentUpdateError, LeaseLostError, ResourceBusyError];

let units = 0;

/**
 * Reads one or two wallets, waits for a random time, and adds a point to each. Without lock, lease
 * check and versions, updates are lost.
 */
export async function fuzzUnit(
  unitOfWork: UnitOfWork,
  users: readonly string[],
  leaseMs: number,
  random: Random,
  log: EventLog,
): Promise<void> {
  units += 1;
  const unit = units;
  const chosen = random
    .shuffled(users)
    .slice(0, random.chance(0.1) ? 2 : 1)
    .sort();
  const charges = chosen.map((user) => ({ user, entry: randomUUID() }));
  const holdMs = holdingMs(random, leaseMs);
  // Some clients disconnect during their wait.
  const signal = random.chance(0.05)
    ? AbortSignal.timeout(Math.floor(random.between(0, 1_000)))
    : undefined;
  log.note({ event: 'begun', unit, entries: charges.map(({ entry }) => entry) });
  try {
    await unitOfWork.run({ locks: chosen.map(walletKey), signal }, async (tx) => {
      const wallets = [];
      for (const { user } of charges) wallets.push(await tx.wallets.get(user));
      await pause(holdMs);
      for (const [i, { entry }] of charges.entries()) {
        const movement = wallets[i]?.charge(1, entry, new Date());
        if (movement) await tx.wallets.save(movement);
      }
    });
    log.note({ event: 'committed', unit });
  } catch (error) {
    const hasHungUp = signal?.aborted && error === signal.reason;
    const isRefusal = hasHungUp || REFUSALS.some((kind) => error instanceof kind);
    const committed = isRefusal ? 'no' : 'perhaps';
    log.note({ event: 'failed', unit, reason: nameOf(error), committed });
    await pause(random.between(2, 20));
  }
}

/** Mostly short. Some sections last longer than their lease, which must then be renewed. */
function holdingMs(random: Random, leaseMs: number): number {
  return random.chance(0.01) ? random.between(leaseMs / 4, leaseMs * 1.5) : random.between(0, 4);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
