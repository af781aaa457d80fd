import { createClient } from '@redis/client';

type Client = Awaited<ReturnType<typeof connect>>;

export interface RedisFigures {
  /**
   * Keys of the lock at the end, with the size of the largest in bytes, and how long the last one
   * stays.
   */
  readonly keys: number;
  readonly mostBytesOfAKey: number;
  readonly longestStayMs: number;
  /** The most keys of one call of a script. */
  readonly mostKeysOfACall: number;
  readonly longestCallMs: number;
  readonly grownBytes: number;
}

/** Observes the commands of a Redis that only this trial uses. */
export class RedisWatch implements AsyncDisposable {
  private constructor(
    private readonly client: Client,
    private readonly bytesBefore: number,
  ) {}

  static async start(url: string): Promise<RedisWatch> {
    const client = await connect(url);
    // Redis records every call, with its number of keys and its duration.
    await client.configSet({ 'slowlog-log-slower-than': '0', 'slowlog-max-len': '100000' });
    await client.sendCommand(['SLOWLOG', 'RESET']);
    return new RedisWatch(client, await usedBytes(client));
  }

  async figures(): Promise<RedisFigures> {
    const calls = await this.#calls();
    await this.client.sendCommand(['SLOWLOG', 'RESET']);
    const names = await this.client.keys('lockstep:lock:*');
    const bytes = await Promise.all(names.map((name) => this.client.memoryUsage(name)));
    const stays = await Promise.all(names.map((name) => this.client.pTTL(name)));
    return {
      keys: names.length,
      mostBytesOfAKey: Math.max(0, ...bytes.map((each) => each ?? 0)),
      // A key without an expiry has the TTL -1.
      longestStayMs: stays.includes(-1) ? Number.POSITIVE_INFINITY : Math.max(0, ...stays),
      mostKeysOfACall: Math.max(0, ...calls.map(({ keys }) => keys)),
      longestCallMs: Math.max(0, ...calls.map(({ ms }) => ms)),
      grownBytes: (await usedBytes(this.client)) - this.bytesBefore,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.destroy();
  }

  /** Calls of the lock: EVALSHA sha count key…, or EVAL text count key… */
  async #calls(): Promise<{ keys: number; ms: number }[]> {
    const entries = (await this.client.sendCommand(['SLOWLOG', 'GET', '-1'])) as unknown[][];
    return entries.flatMap(([, , us, args]) => {
      const [, , count = '0', key = ''] = args as string[];
      return key.startsWith('lockstep:lock:')
        ? [{ keys: Number(count), ms: Number(us) / 1_000 }]
        : [];
    });
  }
}

async function usedBytes(client: Client): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
}

async function connect(url: string) {
  const client = createClient({ url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
