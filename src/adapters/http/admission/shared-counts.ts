import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
} from 'rate-limiter-flexible';
import type { CommandSender } from '../../redis/command-client.js';
import { RedisScript } from '../../redis/redis-script.js';

/** Where the counts are, when instances share them. */
interface CountsInRedis {
  readonly client: CommandSender;
  /** Begins the name of each key. In a Redis Cluster its braces keep all keys on one server. */
  readonly prefix: string;
}

/** Counts to which all instances add. Without Redis, or while it is down, each instance has its own. */
export class SharedCounts {
  readonly #limiter: Pick<RateLimiterAbstract, 'penalty'>;

  /** A count ends `lifeMs` after its first addition; whole seconds. */
  constructor(lifeMs: number, redis?: CountsInRedis) {
    // The limits are compared by `RequestCounts`; the library only counts, so its own limit has no effect.
    const options = { points: 1, duration: lifeMs / 1_000 };
    const own = new RateLimiterMemory(options);
    this.#limiter = redis
      ? new RateLimiterRedis({
          ...options,
          keyPrefix: redis.prefix,
          storeClient: new ScriptSender(redis.client),
          useRedisPackage: true,
          insuranceLimiter: own,
        })
      : own;
  }

  /** Returns the sum of this count. It does not reject: a Redis that fails is replaced by this process. */
  async add(name: string, amount: number): Promise<number> {
    return (await this.#limiter.penalty(name, amount)).consumedPoints;
  }
}

/** The one call of node-redis that the library makes; the text of its script is sent only once. */
class ScriptSender {
  #script: RedisScript | undefined;

  constructor(private readonly client: CommandSender) {}

  eval(text: string, call: { readonly keys: string[]; readonly arguments: string[] }) {
    this.#script ??= new RedisScript(text);
    return this.#script.send(this.client, call.keys, call.arguments);
  }
}
