import { InProcessCache } from '../../../src/adapters/cache/in-process-cache.js';
import { type Contestant, L1_ENTRIES, TTL_MS } from '../contestant.js';
import { lockstepSession } from './lockstep-session.js';

export const lockstepMemory: Contestant = {
  id: 'lockstep, one process',
  kind: 'lockstep',
  settings: 'InProcessCache; an entry lives at most 1 s, the staleness bound',
  hasL1: true,
  hasL2: false,
  bus: 'none',
  open: async ({ load }) => {
    const cache = new InProcessCache({ ttlMs: TTL_MS, maxEntries: L1_ENTRIES });
    return lockstepSession(cache, load, async () => undefined);
  },
};
