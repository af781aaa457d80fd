import { Mutex } from 'async-mutex';
import type { Contestant } from '../contestant.js';

/** A lock inside one process, without Redis: the most sections that Node's timers allow. */
export const inMemory: Contestant = {
  id: 'in memory (ceiling)',
  kind: 'ceiling',
  packageName: 'async-mutex',
  settings: 'one Mutex for each key; it works only inside one process',
  sends: [],
  sitsOut: ['uncontended'],
  async open() {
    const mutexes = new Map<string, Mutex>();
    return {
      async acquire(key) {
        const mutex = mutexes.get(key) ?? new Mutex();
        mutexes.set(key, mutex);
        const release = await mutex.acquire();
        return { release: async () => release() };
      },
      close: async () => undefined,
    };
  },
};
