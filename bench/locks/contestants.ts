import type { Contestant } from './contestant.js';
import { inMemory } from './contestants/in-memory.js';
import { lockstepCohort } from './contestants/lockstep-cohort.js';
import { lockstepPubsub } from './contestants/lockstep-pubsub.js';
import { lockstepSimple } from './contestants/lockstep-simple.js';
import { lockstepSpin } from './contestants/lockstep-spin.js';
import { rawFloor } from './contestants/raw-floor.js';
import { redisSemaphore, redisSemaphoreTuned } from './contestants/redis-semaphore.js';
import { redlock, redlockTuned } from './contestants/redlock.js';
import { redlockUniversal, redlockUniversalTuned } from './contestants/redlock-universal.js';
import { sesamecareRedlock, sesamecareRedlockTuned } from './contestants/sesamecare-redlock.js';

export const CONTESTANTS: readonly Contestant[] = [
  lockstepCohort,
  rawFloor,
  lockstepPubsub,
  lockstepSpin,
  lockstepSimple,
  redisSemaphore,
  redisSemaphoreTuned,
  redlock,
  redlockTuned,
  sesamecareRedlock,
  sesamecareRedlockTuned,
  redlockUniversal,
  redlockUniversalTuned,
  inMemory,
];

export function contestantOf(id: string): Contestant {
  const found = CONTESTANTS.find((contestant) => contestant.id === id);
  if (!found) throw new Error(`no contestant is called ${id}`);
  return found;
}
