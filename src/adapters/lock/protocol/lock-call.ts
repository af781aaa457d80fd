import type { RedisScript } from '../../redis/redis-script.js';
import type { RedisUnavailableError } from '../../redis/redis-unavailable-error.js';
import type { TimedReplyListener } from '../../redis/timed-client.js';
import type { Instant } from '../../timeouts/instant.js';
import { LockUnavailableError } from '../lock.js';
import type { Grant, LockTarget } from './redis-grant.js';

/** What a lock script returns; null when the keys are released and not requested again. */
export type ScriptReply = string | number | readonly number[] | null;

/** The reply to a request for keys: a grant, or how long the leases in the way may last. */
export interface AcquireReply {
  readonly grant: Grant | undefined;
  /** Milliseconds until the leases in the way end; 0 with a grant, or when it is not known. */
  readonly leftMs: number;
  /** The last token of the keys: a message with a grant up to this token is old. */
  readonly lastToken: number;
}

/** Receives the reply to a request for keys, or its failure. */
export type AcquireListener = TimedReplyListener<AcquireReply, LockUnavailableError>;

/** Reads the reply to a request that was sent at `sent`, and handles an error reply. */
export interface ReplyReader {
  read(keys: LockTarget, reply: ScriptReply, sent: Instant): AcquireReply;
  onFailure(keys: LockTarget, cause: unknown): void;
}

/** A call of the acquire script or the release script, sent alone or in a batch. */
export abstract class LockCall implements TimedReplyListener<ScriptReply> {
  constructor(
    readonly script: RedisScript,
    readonly keys: LockTarget,
    private readonly sent: Instant,
    private readonly reader: ReplyReader,
    private readonly listener: AcquireListener,
  ) {}

  /** The ARGV of the script when the call is sent alone. */
  abstract toArgv(floor: string): readonly string[];

  /** The call's part of the ARGV of the batch script. */
  abstract toBatchArgv(): readonly [string, string, string];

  onReply(reply: ScriptReply): void {
    this.listener.onReply(this.reader.read(this.keys, reply, this.sent));
  }

  onFailure({ cause }: Pick<RedisUnavailableError, 'cause'>): void {
    this.reader.onFailure(this.keys, cause);
    this.listener.onFailure(new LockUnavailableError('redis', cause));
  }

  onLateReply(reply: ScriptReply): void {
    this.listener.onLateReply?.(this.reader.read(this.keys, reply, this.sent));
  }
}

export class AcquireCall extends LockCall {
  constructor(
    script: RedisScript,
    keys: LockTarget,
    sent: Instant,
    reader: ReplyReader,
    listener: AcquireListener,
    /** See LockScripts.acquire. */
    private readonly held: number | 'try',
  ) {
    super(script, keys, sent, reader, listener);
  }

  toArgv(floor: string): readonly string[] {
    const args = [this.keys.owner, floor];
    return this.held === 0 ? args : [...args, String(this.held)];
  }

  toBatchArgv(): readonly [string, string, string] {
    return ['acquire', String(this.held), ''];
  }
}

export class ReleaseCall extends LockCall {
  constructor(
    script: RedisScript,
    private readonly grant: Grant,
    sent: Instant,
    reader: ReplyReader,
    listener: AcquireListener,
    /** Queue the owner again in the same step. */
    private readonly requeue: boolean,
  ) {
    super(script, grant.keys, sent, reader, listener);
  }

  toArgv(): readonly string[] {
    const args = [this.grant.held + this.keys.owner, this.grant.lastText];
    return this.requeue ? [...args, '1'] : args;
  }

  toBatchArgv(): readonly [string, string, string] {
    return [this.grant.held, this.grant.lastText, this.requeue ? '1' : '0'];
  }
}
