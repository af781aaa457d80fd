import { RedisScript } from '../../redis/redis-script.js';
import { RedisUnavailableError } from '../../redis/redis-unavailable-error.js';
import type { TimedClient } from '../../redis/timed-client.js';
import type { Instant, InstantClock } from '../../timeouts/instant.js';
import { LeaseTerm } from '../leases/lease-term.js';
import { LockUnavailableError } from '../lock.js';
import {
  AcquireCall,
  type AcquireListener,
  type AcquireReply,
  ReleaseCall,
  type ReplyReader,
  type ScriptReply,
} from './lock-call.js';
import { type Grant, heldText, type LockTarget, type PublishedGrant, plus } from './redis-grant.js';
import type { ScriptBatch } from './script-batch.js';
import type { ServerClock } from './server-clock.js';
import type { TokenFloor } from './token-floor.js';

/** The scripts of the lock; every strategy uses the same. */
export interface LockScriptTexts {
  readonly acquire: RedisScript;
  readonly release: RedisScript;
  readonly renew: RedisScript;
  readonly leave: RedisScript;
  readonly ping: RedisScript;
  readonly deleteForeign: RedisScript;
  readonly batch: RedisScript;
}

export interface ExtendedBlock {
  readonly term: LeaseTerm;
  /** Whether another process waits for a key. */
  readonly isAwaited: boolean;
}

const NOTHING_GRANTED: AcquireReply = { grant: undefined, leftMs: 0, lastToken: 0 };

const folder = new URL('./scripts/', import.meta.url);

export function loadLockScripts(): LockScriptTexts {
  return {
    acquire: RedisScript.load(folder, 'acquire'),
    release: RedisScript.load(folder, 'release'),
    renew: RedisScript.load(folder, 'renew'),
    leave: RedisScript.load(folder, 'leave'),
    ping: RedisScript.load(folder, 'ping'),
    deleteForeign: RedisScript.load(folder, 'delete-foreign'),
    batch: RedisScript.load(folder, 'batch'),
  };
}

/** The lock scripts as typed calls. A call fails when Redis does not reply in time. */
export class LockScripts implements ReplyReader {
  constructor(
    private readonly client: TimedClient,
    private readonly batch: ScriptBatch,
    private readonly texts: LockScriptTexts,
    private readonly clock: InstantClock,
    private readonly server: ServerClock,
    private readonly retryMs: number,
    private readonly floor: TokenFloor,
  ) {}

  /**
   * Takes the keys, or queues this process for them. `held` is the last token of the lease that this
   * owner holds on the keys now, 0 when it holds none; 'try' neither waits nor queues.
   */
  acquire(keys: LockTarget, held: number | 'try', listener: AcquireListener): void {
    this.batch.run(
      new AcquireCall(this.texts.acquire, keys, this.clock.now(), this, listener, held),
    );
  }

  /** Releases the keys and queues this process for them again, in one step. */
  releaseAndRequeue(grant: Grant, listener: AcquireListener): void {
    this.batch.run(
      new ReleaseCall(this.texts.release, grant, this.clock.now(), this, listener, true),
    );
  }

  /** Never rejects: while Redis cannot be reached it tries again, until the lease has ended. */
  release(grant: Grant, now: Instant = this.clock.now()): Promise<void> {
    return new Promise((done) => this.#releaseUntilOver(grant, now, done));
  }

  /** The new term, or undefined when the keys are no longer held by this grant. */
  async renew(grant: Grant): Promise<LeaseTerm | undefined> {
    return (await this.extendBlock(grant, grant.lastToken))?.term;
  }

  /** Renews the lease and reserves the tokens up to `lastToken`. */
  async extendBlock(grant: Grant, lastToken: number): Promise<ExtendedBlock | undefined> {
    // Before the request: without a reply, nobody knows whether Redis served it.
    grant.lastToken = lastToken;
    grant.lastText = String(lastToken);
    const { keys, firstToken, lastText } = grant;
    const sent = this.clock.now();
    const args = [keys.owner, String(firstToken), lastText];
    const reply = await this.#ask(this.texts.renew, keys.names, args);
    const renewed = this.read(keys, reply, sent).grant;
    if (!renewed) return undefined;
    grant.held = renewed.held;
    return { term: renewed.term, isAwaited: reply[2] === 1 };
  }

  /** Leaves the queues. Never rejects: a grant that comes in spite of it is released. */
  async leave(keys: LockTarget): Promise<void> {
    const args = [keys.owner, this.floor.text];
    await this.#ask(this.texts.leave, keys.names, args).catch(() => {});
  }

  /** The grant of a message that another process published. */
  handedOver({ keys, held, firstText, takenUs }: PublishedGrant): Grant {
    const term = this.server.term(takenUs + keys.leaseMs * 1000, keys.leaseMs);
    return this.#granted(keys, firstText, held, term, true);
  }

  /**
   * Requests only a reply.
   * @throws LockUnavailableError
   */
  async ping(): Promise<void> {
    const sent = this.clock.now();
    const [, serverUs = 0] = await this.#ask(this.texts.ping, [], []);
    this.server.observe(sent, serverUs);
  }

  read(keys: LockTarget, reply: ScriptReply, sent: Instant): AcquireReply {
    if (reply === null) return NOTHING_GRANTED;
    if (typeof reply !== 'object') {
      const firstText = String(reply);
      return this.#grantReply(keys, firstText, `${firstText} `, Number(reply), sent);
    }
    const [lastToken = 0, serverUs = 0, leftUs = 0, knownLast = 0] = reply;
    if (lastToken > 0) {
      const firstToken = lastToken - keys.tokens + 1;
      const held = heldText(firstToken, serverUs);
      return this.#grantReply(keys, String(firstToken), held, serverUs, sent);
    }
    if (serverUs > 0) this.server.observe(sent, serverUs);
    return { grant: undefined, leftMs: leftUs / 1000, lastToken: knownLast };
  }

  /** Deletes values of another type, which another program wrote, so that the next acquire can work. */
  onFailure(keys: LockTarget, cause: unknown): void {
    if (!(cause instanceof Error) || !cause.message.startsWith('WRONGTYPE')) return;
    this.#ask(this.texts.deleteForeign, keys.names, []).catch(() => {});
  }

  #grantReply(
    keys: LockTarget,
    firstText: string,
    held: string,
    serverUs: number,
    sent: Instant,
  ): AcquireReply {
    this.server.observe(sent, serverUs);
    const term = this.server.termFrom(sent, keys.leaseMs);
    const grant = this.#granted(keys, firstText, held, term, false);
    return { grant, leftMs: 0, lastToken: 0 };
  }

  #granted(
    keys: LockTarget,
    firstText: string,
    held: string,
    term: LeaseTerm,
    isHandedOver: boolean,
  ): Grant {
    const firstToken = Number(firstText);
    const lastToken = firstToken + keys.tokens - 1;
    const lastText = plus(firstText, keys.tokens - 1);
    this.floor.observe(lastToken, lastText);
    return { keys, firstToken, lastToken, lastText, held, term, isHandedOver };
  }

  /** Counts from the first attempt, not from the grant: the lease may have been renewed since. */
  #releaseUntilOver(grant: Grant, first: Instant, done: () => void): void {
    const onFailure = () => {
      done();
      const end = LeaseTerm.lasting(grant.keys.leaseMs, first);
      if (end.isOver(this.clock.now())) return;
      setTimeout(() => this.#releaseUntilOver(grant, first, done), this.retryMs).unref();
    };
    const listener = { onReply: done, onFailure, onLateReply: done };
    this.batch.run(new ReleaseCall(this.texts.release, grant, first, this, listener, false));
  }

  /** @throws LockUnavailableError */
  async #ask(
    script: RedisScript,
    names: readonly string[],
    args: readonly string[],
  ): Promise<readonly number[]> {
    this.batch.flush();
    try {
      return (await this.client.askScript(script, names, args)) as readonly number[];
    } catch (error) {
      throw new LockUnavailableError(
        'redis',
        error instanceof RedisUnavailableError ? error.cause : error,
      );
    }
  }
}
