import type { Contestant } from '../contestant.js';
import { openLockstep } from './lockstep-session.js';

export const lockstepSpin: Contestant = {
  id: 'lockstep spin',
  kind: 'lockstep',
  settings: 'RedisLock, spin, defaults: backoff 4 to 128 ms, wait 10 s',
  sends: ['eval', 'evalsha'],
  sitsOut: ['uncontended'],
  open: ({ url }) => openLockstep(url, 'spin'),
};
