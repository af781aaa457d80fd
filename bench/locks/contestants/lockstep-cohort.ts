import type { Contestant } from '../contestant.js';
import { openLockstep } from './lockstep-session.js';

export const lockstepCohort: Contestant = {
  id: 'lockstep cohort',
  kind: 'lockstep',
  settings: 'CohortLock over RedisLock, pubsub, defaults: 32 turns or 20 ms a lease, wait 10 s',
  sends: ['eval', 'evalsha', 'subscribe'],
  sitsOut: [],
  open: ({ url }) => openLockstep(url, 'pubsub', 'cohort'),
};
