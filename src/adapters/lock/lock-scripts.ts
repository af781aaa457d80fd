import { RedisScript } from '../redis/redis-script.js';
import type { Prolonged } from './held-lease.js';
import { type Instant, LeaseTerm, type LockClock } from './lock-clock.js';
import type { Grant, StandingKeys } from './redis-grant.js';
import type { ScriptBatch } from './script-batch.js';
import type { ScriptReply, ScriptRunner } from './script-runner.js';
import type { ServerClock } from './server-clock.js';
import type { TokenFloor } from './token-floor.js';

/** The texts, one set for every way of waiting. */
export interface LockScriptTexts {
  readonly acquire: RedisScript;
  readonly release: RedisScript;
  readonly renew: RedisScript;
  readonly leave: RedisScript;
  readonly ping: RedisScript;
  readonly batch: RedisScript;
}

const folder = new URL('./scripts/', import.meta.url);

export function loadLockScripts(): LockScriptTexts {
  return {
    acquire: RedisScript.load(folder, 'acquire'),
    release: RedisScript.load(folder, 'release'),
    renew: RedisScript.load(folder, 'renew'),
    leave: RedisScript.load(folder, 'leave'),
    ping: RedisScript.load(folder, 'ping'),
    batch: RedisScript.load(folder, 'batch'),
  };
}

/** What came of asking for keys: a grant, or how long the leases in the way may last. */
export interface Answer {
  readonly grant: Grant | undefined;
  readonly leftMs: number;
  /** The last token of the keys: a grant with a token up to this one is an old message. */
  readonly lastToken: number;
}

/** The lock scripts as typed calls; each throws LockUnavailableError when Redis does not answer. */
export class LockScripts {
  constructor(
    private readonly runner: ScriptRunner,
    private readonly batch: ScriptBatch,
    private readonly texts: LockScriptTexts,
    private readonly clock: LockClock,
    private readonly server: ServerClock,
    private readonly retryMs: number,
    private readonly floor: TokenFloor,
  ) {}

  /** `standing`: the token this owner holds the keys by, 0 for none; 'try' not to wait. */
  async acquire(
    keys: StandingKeys,
    standing: number | 'try',
    late?: (answer: Answer) => void,
  ): Promise<Answer> {
    const sent = this.clock.now();
    const reply = await this.batch.run({
      script: 'acquire',
      keys,
      floor: this.#floorText(),
      args: [String(keys.leaseMs), String(keys.tokens), String(standing)],
      late: late && ((reply) => late(this.#answer(keys, reply, sent))),
    });
    return this.#answer(keys, reply, sent);
  }

  /** Never rejects: while Redis is away it is tried again, until the lease is over anyway. */
  giveBack(grant: Grant): Promise<void> {
    // From now, not from the grant: the lease may have been renewed since.
    return this.#giveBack(grant, LeaseTerm.lasting(grant.keys.leaseMs, this.clock.now()));
  }

  /** With `again`, stands in the queues once more in the same step, for waiters of this owner. */
  async release(grant: Grant, again: boolean, late?: (answer: Answer) => void): Promise<Answer> {
    const { keys } = grant;
    const sent = this.clock.now();
    const reply = await this.batch.run({
      script: 'release',
      keys,
      floor: this.#floorText(),
      args: [String(grant.firstToken), String(grant.lastToken), again ? '1' : '0'],
      late: late && ((reply) => late(this.#answer(keys, reply, sent))),
    });
    return this.#answer(keys, reply, sent);
  }

  /** The new term, or undefined when the keys are no longer held by this grant. */
  async renew(grant: Grant): Promise<LeaseTerm | undefined> {
    return (await this.raise(grant, grant.lastToken))?.term;
  }

  /** Renews, and makes `lastToken` the last token of the keys. */
  async raise(grant: Grant, lastToken: number): Promise<Prolonged | undefined> {
    // At once: nobody will know whether a request was served that is never answered.
    grant.lastToken = lastToken;
    const { keys, firstToken } = grant;
    const sent = this.clock.now();
    const reply = await this.#run(this.texts.renew, keys.names, [
      keys.owner,
      String(firstToken),
      String(lastToken),
      String(keys.leaseMs),
    ]);
    const renewed = this.#answer(keys, reply, sent).grant;
    return renewed && { term: renewed.term, isAwaited: reply[2] === 1 };
  }

  /** Never rejects: a grant to one who could not leave is given back when it comes. */
  async leave(keys: StandingKeys): Promise<void> {
    await this.#run(this.texts.leave, keys.names, [keys.owner, this.#floorText()]).catch(() => {});
  }

  /** A grant that Redis ends at `deadlineUs` of its clock, as told by a reply or a message. */
  granted(keys: StandingKeys, lastToken: number, deadlineUs: number, isHandedOver: boolean): Grant {
    this.floor.observe(lastToken);
    const firstToken = lastToken - keys.tokens + 1;
    const term = this.server.term(deadlineUs, keys.leaseMs);
    return { keys, firstToken, lastToken, term, isHandedOver };
  }

  isLive(grant: Grant): boolean {
    return !grant.term.isOver(this.clock.now());
  }

  /** Asks for nothing but an answer. */
  async ping(): Promise<void> {
    const sent = this.clock.now();
    const [, serverUs = 0] = await this.#run(this.texts.ping, [], []);
    this.server.observe(sent, serverUs);
  }

  async #giveBack(grant: Grant, longest: LeaseTerm): Promise<void> {
    try {
      await this.release(grant, false);
    } catch {
      if (longest.isOver(this.clock.now())) return;
      setTimeout(() => void this.#giveBack(grant, longest), this.retryMs).unref();
    }
  }

  #answer(keys: StandingKeys, reply: ScriptReply, sent: Instant): Answer {
    const [token = 0, serverUs = 0, leftUs = 0, lastToken = 0] = reply;
    if (serverUs > 0) this.server.observe(sent, serverUs);
    const deadlineUs = serverUs + keys.leaseMs * 1000;
    const grant = token > 0 ? this.granted(keys, token, deadlineUs, false) : undefined;
    return { grant, leftMs: leftUs / 1000, lastToken };
  }

  #run(script: RedisScript, names: readonly string[], args: readonly string[]) {
    this.batch.flush();
    return this.runner.run(script, names, args);
  }

  #floorText(): string {
    return String(this.floor.token);
  }
}
