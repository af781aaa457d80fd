import { startRedis } from '../../../tools/servers/redis/start-redis.js';
import type { Server } from '../../../tools/servers/server.js';
import { type Env, servers } from '../../support/backends.js';
import { InstanceProcess } from '../../support/instance-process.js';
import { RedisProxy } from './redis-proxy.js';

/** Life of a write intent in a trial, in milliseconds. */
export const HOLD_OFF_MS = 1_500;

interface Member {
  readonly proxy: RedisProxy;
  readonly env: Env;
  instance: InstanceProcess;
}

/** Instances as processes on one database and one Redis, each with its own proxy to Redis. */
export class Fleet implements AsyncDisposable {
  private constructor(
    readonly redis: Server,
    readonly env: Env,
    private readonly members: readonly Member[],
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async start(size: number, boundMs: number): Promise<Fleet> {
    await using resources = new AsyncDisposableStack();
    const backend = resources.use(await servers.open());
    const redis = resources.use(await startRedis({ ways: ['docker', 'binary'] }));
    const env = {
      ...backend.env,
      CACHE_MAX_STALENESS_MS: String(boundMs),
      // As short as possible, so that the caches work between two faults.
      CACHE_HOLD_OFF_MS: String(HOLD_OFF_MS),
      DB_QUERY_MS: '1000',
      LOCK_LEASE_MS: '1000',
    };
    const members: Member[] = [];
    for (let i = 0; i < size; i++) {
      const proxy = resources.use(await RedisProxy.start(redis.url));
      const own = { ...env, REDIS_URL: proxy.url };
      members.push({ proxy, env: own, instance: await InstanceProcess.start(own) });
    }
    resources.defer(async () => {
      for (const { instance } of members) await instance[Symbol.asyncDispose]();
    });
    return new Fleet(redis, env, members, resources.move());
  }

  get size(): number {
    return this.members.length;
  }

  /** Addresses of all instances, also of those that do not answer now. */
  get urls(): readonly string[] {
    return this.members.map(({ instance }) => instance.url);
  }

  proxy(index: number): RedisProxy {
    return this.#member(index).proxy;
  }

  signal(index: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#member(index).instance.signal(signal);
  }

  /** Kills an instance and starts another one in its place. */
  async kill(index: number): Promise<void> {
    const member = this.#member(index);
    await member.instance.end('SIGKILL');
    member.instance = await InstanceProcess.start(member.env);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync();
  }

  #member(index: number): Member {
    const member = this.members[index];
    if (!member) throw new Error(`there is no instance ${index}`);
    return member;
  }
}
