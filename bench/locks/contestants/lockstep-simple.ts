import type { Contestant } from '../contestant.js';
import { openLockstep } from './lockstep-session.js';

export const lockstepSimple: Contestant = {
  id: 'lockstep simple',
  kind: 'lockstep',
  settings: 'RedisLock, simple: fails at once',
  sends: ['eval', 'evalsha'],
  sitsOut: [],
  open: ({ url }) => openLockstep(url, 'simple'),
};
