import { RedisLock } from '../../../../src/adapters/lock/layers/4-redis-lock.js';
import type { Lock } from '../../../../src/adapters/lock/lock.js';
import {
  type RedisLockSettings,
  redisLockSettings,
} from '../../../../src/adapters/lock/redis-lock-settings.js';
import { eventually } from '../../../contract/eventually.js';
import type { LockHarness } from '../../../contract/lock-harness.js';
import { connect, connectPair } from './redis-clients.js';

export interface RedisHarness extends LockHarness {
  readonly a: Lock;
  readonly b: Lock;
  /** The lock of a third process, if there is one. */
  readonly c: Lock;
}

/** One process of the harness: its connections, and its lock. */
export interface LockProcess {
  lock(settings: RedisLockSettings): Lock & { close(): Promise<void> };
  destroy(): void;
  /** Closes the connections like a crash. `destroy` keeps them for the next case. */
  crash?(): void;
}

/** Separate connections, to look at what the locks store in Redis. */
export interface LockProbe {
  zCard(name: string): Promise<number>;
  del(name: string): Promise<unknown>;
  /** The `commandstats` of every server, one after the other. */
  stats(): Promise<string>;
  destroy(): void;
}

export interface LockBackend {
  process(): Promise<LockProcess>;
  probe(): Promise<LockProbe>;
}

/**
 * Connections that the cases use one after another, each with its own lock. Most of the time of a
 * case is the connect of sentinel and cluster clients.
 */
export class SharedConnections {
  readonly #free: LockProcess[] = [];

  constructor(private readonly connect: () => Promise<LockProcess>) {}

  async process(): Promise<LockProcess> {
    const made = this.#free.pop() ?? (await this.connect());
    let hasCrashed = false;
    return {
      lock: (settings) => made.lock(settings),
      destroy: () => {
        if (!hasCrashed) this.#free.push(made);
      },
      crash: () => {
        hasCrashed = true;
        made.destroy();
      },
    };
  }

  close(): void {
    for (const each of this.#free.splice(0)) each.destroy();
  }
}

/** Locks on a Redis of one or of two processes, each with its own connections. */
export function redisHarness(
  url: string,
  processes: 1 | 2,
  chosen: Partial<RedisLockSettings>,
): Promise<RedisHarness> {
  const place: LockBackend = {
    async process() {
      const pair = await connectPair(url);
      return { lock: (settings) => new RedisLock(pair, settings), destroy: () => pair.destroy() };
    },
    async probe() {
      const client = await connect(url);
      return {
        zCard: (name) => client.zCard(name),
        del: (name) => client.del(name),
        stats: () => client.info('commandstats'),
        destroy: () => client.destroy(),
      };
    },
  };
  return lockHarness(place, processes, chosen);
}

let harnesses = 0;

/** Long, so that a busy machine does not look like a Redis that is down. */
const BUSY_MS = 2_000;

export async function lockHarness(
  place: LockBackend,
  processes: 1 | 2 | 3,
  chosen: Partial<RedisLockSettings>,
): Promise<RedisHarness> {
  harnesses += 1;
  const prefix = `${chosen.prefix ?? ''}test:${process.pid}:${harnesses}:`;
  const { strategy } = redisLockSettings(chosen);
  const made = await Promise.all(Array.from({ length: processes }, () => place.process()));
  const locks = made.map((each) =>
    each.lock(redisLockSettings({ commandTimeoutMs: BUSY_MS, ...chosen, prefix })),
  );
  const probe = await place.probe();
  const [a, b = a, c = b] = locks;
  if (!a || !b || !c) throw new Error('no lock');
  const name = (key: string) => `${prefix}{${key}}`;
  const queued = (key: string) => probe.zCard(`${name(key)}:queue`);
  return {
    a,
    b,
    c,
    async settled(key, expected) {
      if (strategy === 'spin' || strategy === 'simple') return;
      await eventually(async () => (await queued(key)) === expected);
    },
    service: {
      queued,
      async forget(keys) {
        await Promise.all(keys.map((key) => probe.del(name(key))));
      },
      async requests() {
        const stats = await probe.stats();
        return [.../cmdstat_eval(?:sha)?:calls=(\d+)/g[Symbol.matchAll](stats)].reduce(
          (sum, [, calls]) => sum + Number(calls),
          0,
        );
      },
      crashA: () => (made[0]?.crash ? made[0].crash() : made[0]?.destroy()),
    },
    async close() {
      await Promise.all(locks.map((lock) => lock.close()));
      for (const each of made) each.destroy();
      probe.destroy();
    },
  };
}
