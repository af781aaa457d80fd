import { COHORT_TURNS } from '../../../src/adapters/lock/redis-lock-settings.js';
import type { Contestant } from '../contestant.js';
import { openLockstep } from './lockstep-session.js';

export const lockstepCohort: Contestant = {
  id: 'lockstep cohort',
  kind: 'lockstep',
  settings: `RedisLock, pubsub, defaults of the stack: ${COHORT_TURNS} turns or 20 ms for each lease, wait 10 s`,
  sends: ['eval', 'evalsha', 'subscribe'],
  sitsOut: [],
  open: ({ url }) => openLockstep(url, 'pubsub', COHORT_TURNS),
};
