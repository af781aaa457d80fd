import { writableScript } from '../../redis/assert-writable.js';
import { RedisScript } from '../../redis/redis-script.js';
import { RedisUnavailableError } from '../../redis/redis-unavailable-error.js';
import type { TimedClient } from '../../redis/timed-client.js';
import { CacheUnavailableError, type WrittenThrough } from '../cache.js';
import type { RedisCacheSettings } from '../redis-cache-settings.js';

const folder = new URL('./scripts/', import.meta.url);

const scripts = {
  sync: RedisScript.load(folder, 'sync'),
  beginWrite: RedisScript.load(folder, 'begin-write'),
  endWrite: RedisScript.load(folder, 'end-write'),
  leaseFill: RedisScript.load(folder, 'lease-fill'),
  renewFill: RedisScript.load(folder, 'renew-fill'),
  fill: RedisScript.load(folder, 'fill'),
  readComposed: RedisScript.load(folder, 'read-composed'),
};

/** The result of comparing an instance's position with Redis. */
export interface Comparison {
  readonly epoch: string;
  readonly last: number;
  readonly serverUs: number;
  /** What was invalidated since the position; undefined when that is no longer known. */
  readonly missed: readonly string[] | undefined;
}

/** What a reader does after a miss. */
export type FillLease =
  | { readonly verdict: 'load'; readonly number: string }
  | { readonly verdict: 'hit'; readonly entry: string }
  | { readonly verdict: 'wait' | 'bypass' | 'new-epoch' };

/** A write intent as it is stored in Redis. */
export interface StoredIntent {
  readonly epoch: string;
  readonly owner: string;
  readonly number: number;
  readonly overlapped: boolean;
  readonly resources: readonly string[];
}

/** The cache scripts as typed calls; each throws CacheUnavailableError without a reply. */
export class CacheScripts {
  readonly #entries: string;
  readonly #fillLeaseMs: string;

  constructor(
    private readonly client: TimedClient,
    private readonly settings: RedisCacheSettings,
  ) {
    this.#entries = `${settings.base}:entry:`;
    // @plant short-fill-lease
    this.#fillLeaseMs = String(Math.min(settings.fillLeaseMs, settings.fillMs));
  }

  async sync(epoch: string, position: number): Promise<Comparison> {
    const { writeIntentMs, ttlMs, fillMs } = this.settings;
    const reply = await this.#run(scripts.sync, [
      epoch,
      String(position),
      micros(writeIntentMs),
      micros(ttlMs + fillMs),
    ]);
    const [now = '', last, serverUs, ...missed] = reply;
    return {
      epoch: now,
      last: Number(last),
      serverUs: Number(serverUs),
      missed: (missed as unknown[])[0] === 0 ? undefined : missed,
    };
  }

  /**
   * Calls back once, and not before it returns. A value of another type, which no cache wrote,
   * counts as none.
   */
  get(
    key: string,
    onValue: (value: string | null) => void,
    onFailure: (error: RedisUnavailableError) => void,
  ): void {
    this.client.send(['GET', this.#entries + key], {
      onReply: onValue as (reply: unknown) => void,
      onFailure: (error) => {
        if (isWrongType(error.cause)) onValue(null);
        else onFailure(error);
      },
    });
  }

  async getComposed(key: string): Promise<string | null> {
    return (await this.#ask(scripts.readComposed, [key])) as string | null;
  }

  async leaseFill(epoch: string, key: string, composed: boolean, id: string): Promise<FillLease> {
    const args = [epoch, key, composed ? '1' : '0', id, this.#fillLeaseMs];
    const [verdict, rest = ''] = await this.#run(scripts.leaseFill, args);
    switch (verdict) {
      case 'load':
        return { verdict, number: rest };
      case 'hit':
        return { verdict, entry: rest };
      case 'wait':
      case 'bypass':
        return { verdict };
      default:
        return { verdict: 'new-epoch' };
    }
  }

  /** Resolves with false when the lease has ended. */
  async renewFill(key: string, id: string): Promise<boolean> {
    return (await this.#ask(scripts.renewFill, [key, id, this.#fillLeaseMs])) === 1;
  }

  /** Resolves with the time on the clock of Redis at which the entry expires; undefined: not kept. */
  async fill(
    epoch: string,
    key: string,
    lease: { readonly id: string; readonly number: string },
    text: string | undefined,
    lifeMs: number,
    resources: readonly string[],
  ): Promise<number | undefined> {
    const [kept, expiresUs] = await this.#run(scripts.fill, [
      epoch,
      key,
      lease.id,
      lease.number,
      String(Math.ceil(lifeMs)),
      text === undefined ? '-' : '+',
      text ?? '',
      ...resources,
    ]);
    return kept ? Number(expiresUs) : undefined;
  }

  /** After a load that failed: lets another instance load at once. */
  async giveUpFill(epoch: string, key: string, id: string): Promise<void> {
    await this.#run(scripts.fill, [epoch, key, id, '0', '0', '-', '']);
  }

  /** Undefined: the epoch is another since this instance last compared. */
  async beginWrite(
    epoch: string,
    owner: string,
    resources: readonly string[],
  ): Promise<StoredIntent | undefined> {
    const { writeIntentMs, logLength } = this.settings;
    const args = [epoch, owner, micros(writeIntentMs), String(logLength), ...resources];
    const [number, overlapped] = await this.#run(scripts.beginWrite, args);
    if (number === undefined) return undefined;
    const isOverlapped = (overlapped as unknown) === 1;
    return { epoch, owner, number: Number(number), overlapped: isOverlapped, resources };
  }

  async endWrite(
    { epoch, owner, number, overlapped, resources }: StoredIntent,
    entries: readonly (WrittenThrough & { readonly lifeMs: number })[],
  ): Promise<number> {
    const [ended] = await this.#run(scripts.endWrite, [
      epoch,
      owner,
      overlapped ? '0' : String(number),
      String(resources.length),
      ...resources,
      ...entries.flatMap(({ key, lifeMs, text }) => [key, String(Math.ceil(lifeMs)), text]),
    ]);
    return Number(ended);
  }

  /** @throws CacheUnavailableError Redis would refuse a write */
  async assertWritable(): Promise<void> {
    await this.#ask(writableScript, [], `${this.settings.base}:writable`);
  }

  async #run(script: RedisScript, args: readonly string[]): Promise<string[]> {
    return (await this.#ask(script, args)) as string[];
  }

  async #ask(
    script: RedisScript,
    args: readonly string[],
    key = this.settings.base,
  ): Promise<unknown> {
    try {
      return await this.client.askScript(script, [key], args);
    } catch (error) {
      throw new CacheUnavailableError(error instanceof RedisUnavailableError ? error.cause : error);
    }
  }
}

function isWrongType(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('WRONGTYPE');
}

function micros(ms: number): string {
  return String(ms * 1_000);
}
