import { RedisScript } from '../../redis/redis-script.js';
import type { Prolonged } from '../leases/held-lease.js';
import { type Instant, LeaseTerm, type LockClock } from '../leases/lock-clock.js';
import type { LockUnavailableError } from '../lock.js';
import { AcquireCall, type Answer, type AnswerReader, ReleaseCall } from './lock-call.js';
import { type Grant, heldText, type LockTarget, type ToldGrant } from './redis-grant.js';
import type { ScriptBatch } from './script-batch.js';
import type { ReplyListener, ScriptReply, ScriptRunner } from './script-runner.js';
import type { ServerClock } from './server-clock.js';
import type { TokenFloor } from './token-floor.js';

/** The texts, one set for every way of waiting. */
export interface LockScriptTexts {
  readonly acquire: RedisScript;
  readonly release: RedisScript;
  readonly renew: RedisScript;
  readonly leave: RedisScript;
  readonly ping: RedisScript;
  readonly freeForeign: RedisScript;
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
    freeForeign: RedisScript.load(folder, 'free-foreign'),
    batch: RedisScript.load(folder, 'batch'),
  };
}

/** The lock scripts as typed calls, which fail when Redis does not answer. */
export class LockScripts implements AnswerReader {
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
  acquire(keys: LockTarget, standing: number | 'try', listener: ReplyListener<Answer>): void {
    this.batch.run(new AcquireCall(keys, this.clock.now(), this, listener, standing));
  }

  /** With `again`, stands in the queues once more in the same step, for waiters of this owner. */
  release(grant: Grant, again: boolean, listener: ReplyListener<Answer>): void {
    this.#release(grant, again, this.clock.now(), listener);
  }

  /** Never rejects: while Redis is away it is tried again, until the lease is over anyway. */
  giveBack(grant: Grant): Promise<void> {
    return new Promise((resolve) => this.#giveBack(grant, resolve));
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
    const args = [keys.owner, String(firstToken), String(lastToken)];
    const reply = await this.#ask(this.texts.renew, keys.names, args);
    const renewed = this.read(keys, reply, sent).grant;
    if (!renewed) return undefined;
    grant.held = renewed.held;
    return { term: renewed.term, isAwaited: reply[2] === 1 };
  }

  /** Never rejects: a grant to one who could not leave is given back when it comes. */
  async leave(keys: LockTarget): Promise<void> {
    const args = [keys.owner, String(this.floor.token)];
    await this.#ask(this.texts.leave, keys.names, args).catch(() => {});
  }

  /** A grant that another process published. */
  handedOver({ keys, held, lastToken, takenUs }: ToldGrant): Grant {
    const term = this.server.term(takenUs + keys.leaseMs * 1000, keys.leaseMs);
    return this.#granted(keys, lastToken, held, term, true);
  }

  isLive(grant: Grant): boolean {
    return !grant.term.isOver(this.clock.now());
  }

  /** Asks for nothing but an answer. */
  async ping(): Promise<void> {
    const sent = this.clock.now();
    const [, serverUs = 0] = await this.#ask(this.texts.ping, [], []);
    this.server.observe(sent, serverUs);
  }

  read(keys: LockTarget, reply: ScriptReply, sent: Instant): Answer {
    if (typeof reply !== 'object') {
      const serverUs = Number(reply);
      return this.#answer(keys, serverUs + keys.tokens - 1, `${reply} `, serverUs, sent);
    }
    const [lastToken = 0, serverUs = 0, leftUs = 0, standing = 0] = reply;
    if (lastToken > 0) {
      const held = heldText(lastToken - keys.tokens + 1, serverUs);
      return this.#answer(keys, lastToken, held, serverUs, sent);
    }
    if (serverUs > 0) this.server.observe(sent, serverUs);
    return { grant: undefined, leftMs: leftUs / 1000, lastToken: standing };
  }

  /** Whoever asks for the keys again finds them free of what somebody else wrote there. */
  failed(keys: LockTarget, { cause }: LockUnavailableError): void {
    if (!(cause instanceof Error) || !cause.message.startsWith('WRONGTYPE')) return;
    this.#ask(this.texts.freeForeign, keys.names, []).catch(() => {});
  }

  #answer(
    keys: LockTarget,
    lastToken: number,
    held: string,
    serverUs: number,
    sent: Instant,
  ): Answer {
    this.server.observe(sent, serverUs);
    const term = this.server.termFrom(sent, keys.leaseMs);
    return { grant: this.#granted(keys, lastToken, held, term, false), leftMs: 0, lastToken: 0 };
  }

  #granted(
    keys: LockTarget,
    lastToken: number,
    held: string,
    term: LeaseTerm,
    isHandedOver: boolean,
  ): Grant {
    this.floor.observe(lastToken);
    const firstToken = lastToken - keys.tokens + 1;
    return { keys, firstToken, lastToken, held, term, isHandedOver };
  }

  #giveBack(grant: Grant, done: () => void, until?: LeaseTerm): void {
    const sent = this.clock.now();
    const failed = () => {
      done();
      // From the first try, not from the grant: the lease may have been renewed since.
      const longest = until ?? LeaseTerm.lasting(grant.keys.leaseMs, sent);
      if (longest.isOver(this.clock.now())) return;
      setTimeout(() => this.#giveBack(grant, done, longest), this.retryMs).unref();
    };
    this.#release(grant, false, sent, { heard: done, failed, late: done });
  }

  #release(grant: Grant, again: boolean, sent: Instant, listener: ReplyListener<Answer>): void {
    this.batch.run(new ReleaseCall(grant, sent, this, listener, again));
  }

  #ask(script: RedisScript, names: readonly string[], args: readonly string[]) {
    this.batch.flush();
    return this.runner.ask(script, names, args);
  }
}
