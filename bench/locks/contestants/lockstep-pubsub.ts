import type { Contestant } from '../contestant.js';
import { openLockstep } from './lockstep-session.js';

export const lockstepPubsub: Contestant = {
  id: 'lockstep pubsub',
  kind: 'lockstep',
  settings: 'RedisLock, pubsub, defaults: wait 10 s',
  sends: ['eval', 'evalsha', 'subscribe'],
  sitsOut: [],
  open: ({ url }) => openLockstep(url, 'pubsub'),
};
