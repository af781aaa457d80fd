import { setTimeout as pause } from 'node:timers/promises';
import { askRedis } from '../../../tools/servers/redis/ask-redis.js';
import type { Fleet } from './fleet.js';
import type { NetworkFault } from './redis-proxy.js';

/** A fault that lasts for a while, under load. */
export interface Fault {
  readonly name: string;
  /** Resolves when the fault is over. `lastMs` is the duration of a fault that lasts. */
  run(fleet: Fleet, lastMs: number, random: () => number): Promise<void>;
}

const anyOf = (fleet: Fleet, random: () => number) => Math.floor(random() * fleet.size);

function network(name: string, fault: NetworkFault): Fault {
  return {
    name,
    async run(fleet, lastMs, random) {
      const proxy = fleet.proxy(anyOf(fleet, random));
      proxy.begin(fault);
      await pause(lastMs);
      proxy.end();
    },
  };
}

export const allFaults: readonly Fault[] = [
  {
    name: 'bus cut, again and again',
    async run(fleet, lastMs, random) {
      const endMs = performance.now() + lastMs;
      while (performance.now() < endMs) {
        await askRedis(fleet.redis.url, ['CLIENT', 'KILL', 'TYPE', 'pubsub']);
        await pause(random() * 200);
      }
    },
  },
  network('bus half open', { bytes: 'dropped', of: 'bus' }),
  network('bus delayed', { bytes: 'delayed', of: 'bus' }),
  network('all connections half open', { bytes: 'dropped', of: 'all' }),
  network('all connections delayed', { bytes: 'delayed', of: 'all' }),
  {
    name: 'Redis killed, back empty',
    async run(fleet, lastMs) {
      await fleet.redis.stop('abruptly');
      await pause(lastMs / 3);
      await fleet.redis.start('empty');
      await pause((2 * lastMs) / 3);
    },
  },
  {
    name: 'Redis frozen',
    async run(fleet, lastMs) {
      await fleet.redis.pause();
      await pause(lastMs);
      await fleet.redis.resume();
    },
  },
  {
    name: 'instance stopped (SIGSTOP)',
    async run(fleet, lastMs, random) {
      const index = anyOf(fleet, random);
      fleet.signal(index, 'SIGSTOP');
      await pause(lastMs);
      fleet.signal(index, 'SIGCONT');
    },
  },
  {
    name: 'instances killed (SIGKILL)',
    async run(fleet, lastMs, random) {
      const endMs = performance.now() + lastMs;
      do {
        await pause(random() * 100);
        await fleet.kill(anyOf(fleet, random));
      } while (performance.now() < endMs);
    },
  },
];
