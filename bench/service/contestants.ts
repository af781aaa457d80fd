import type { Contestant } from './contestant.js';
import { FLOORS } from './floors/floors.js';
import { LOCKSTEP } from './lockstep/lockstep.js';
import { PEERS } from './peers/peer.js';

/** All contestants, in the sequence of the tables. */
export const CONTESTANTS: readonly Contestant[] = [...LOCKSTEP, ...PEERS, ...FLOORS];
