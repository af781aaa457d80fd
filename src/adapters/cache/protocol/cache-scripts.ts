import type { WrittenThrough } from '../../../domain/ports/cache-port.js';
import type { DependencyUnavailableError } from '../../../domain/ports/failures.js';
import { RedisScript } from '../../redis/redis-script.js';
import type { RedisCacheSettings } from '../redis-cache-settings.js';
import type { RedisLink } from './redis-link.js';

const folder = new URL('./scripts/', import.meta.url);

const scripts = {
  sync: RedisScript.load(folder, 'sync'),
  holdOff: RedisScript.load(folder, 'hold-off'),
  endHoldOff: RedisScript.load(folder, 'end-hold-off'),
  leaseFill: RedisScript.load(folder, 'lease-fill'),
  fill: RedisScript.load(folder, 'fill'),
  readComposed: RedisScript.load(folder, 'read-composed'),
};

/** What an instance learns when it compares its position with Redis. */
export interface Comparison {
  readonly genesis: string;
  readonly last: number;
  readonly serverUs: number;
  /** What was invalidated since; undefined when that is not known any more. */
  readonly missed: readonly string[] | undefined;
}

/** What a reader that missed is to do. */
export type FillLease =
  | { readonly verdict: 'load'; readonly number: string }
  | { readonly verdict: 'hit'; readonly entry: string }
  | { readonly verdict: 'wait' | 'pass' | 'reborn' };

/** A write as Redis knows it. */
export interface HeldOff {
  readonly genesis: string;
  readonly owner: string;
  readonly number: number;
  readonly accompanied: boolean;
  readonly resources: readonly string[];
}

/** The cache scripts as typed calls; each throws DependencyUnavailableError without an answer. */
export class CacheScripts {
  readonly #entries: string;

  constructor(
    private readonly link: RedisLink,
    private readonly settings: RedisCacheSettings,
  ) {
    this.#entries = `${settings.base}:entry:`;
  }

  async sync(genesis: string, position: number): Promise<Comparison> {
    const { holdOffMs, ttlMs, fillMs } = this.settings;
    const reply = await this.#run(scripts.sync, [
      genesis,
      String(position),
      micros(holdOffMs),
      micros(ttlMs + fillMs),
    ]);
    const [now = '', last, serverUs, ...missed] = reply;
    return {
      genesis: now,
      last: Number(last),
      serverUs: Number(serverUs),
      missed: (missed as unknown[])[0] === 0 ? undefined : missed,
    };
  }

  /** Calls back once, as RedisLink does; what is of another type there is nothing of ours. */
  get(
    key: string,
    answered: (value: string | null) => void,
    refused: (error: DependencyUnavailableError) => void,
  ): void {
    this.link.get(this.#entries + key, answered, (error) => {
      if (isWrongType(error.cause)) answered(null);
      else refused(error);
    });
  }

  async getComposed(key: string): Promise<string | null> {
    return (await this.link.run(scripts.readComposed, this.settings.base, [key])) as string | null;
  }

  async leaseFill(genesis: string, key: string, composed: boolean, id: string): Promise<FillLease> {
    const life = String(this.settings.fillMs);
    const args = [genesis, key, composed ? '1' : '0', id, life];
    const [verdict, rest = ''] = await this.#run(scripts.leaseFill, args);
    switch (verdict) {
      case 'load':
        return { verdict, number: rest };
      case 'hit':
        return { verdict, entry: rest };
      case 'wait':
      case 'pass':
        return { verdict };
      default:
        return { verdict: 'reborn' };
    }
  }

  /** Answers when the entry expires, on Redis's clock; undefined when it was not kept. */
  async fill(
    genesis: string,
    key: string,
    lease: { readonly id: string; readonly number: string },
    text: string | undefined,
    lifeMs: number,
    resources: readonly string[],
  ): Promise<number | undefined> {
    const [kept, expiresUs] = await this.#run(scripts.fill, [
      genesis,
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

  /** Lets another load at once, after a load that failed. */
  async giveUpFill(genesis: string, key: string, id: string): Promise<void> {
    await this.#run(scripts.fill, [genesis, key, id, '0', '0', '-', '']);
  }

  /** Undefined: Redis lost its memory since this instance last compared. */
  async holdOff(
    genesis: string,
    owner: string,
    resources: readonly string[],
  ): Promise<HeldOff | undefined> {
    const { holdOffMs, logLength } = this.settings;
    const args = [genesis, owner, micros(holdOffMs), String(logLength), ...resources];
    const [number, accompanied] = await this.#run(scripts.holdOff, args);
    if (number === undefined) return undefined;
    const isAccompanied = (accompanied as unknown) === 1;
    return { genesis, owner, number: Number(number), accompanied: isAccompanied, resources };
  }

  async endHoldOff(
    { genesis, owner, number, accompanied, resources }: HeldOff,
    entries: readonly (WrittenThrough & { readonly lifeMs: number })[],
  ): Promise<number> {
    const [ended] = await this.#run(scripts.endHoldOff, [
      genesis,
      owner,
      accompanied ? '0' : String(number),
      String(resources.length),
      ...resources,
      ...entries.flatMap(({ key, lifeMs, text }) => [key, String(Math.ceil(lifeMs)), text]),
    ]);
    return Number(ended);
  }

  async #run(script: RedisScript, args: readonly string[]): Promise<string[]> {
    return (await this.link.run(script, this.settings.base, args)) as string[];
  }
}

function isWrongType(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('WRONGTYPE');
}

function micros(ms: number): string {
  return String(ms * 1_000);
}
