import type { Instant } from '../../timeouts/instant.js';
import type { LockUnavailableError } from '../lock.js';
import type { Grant, LockTarget } from './redis-grant.js';
import type { ReplyListener, ScriptReply } from './script-runner.js';

/** The reply to a request for keys: a grant, or how long the leases in the way may last. */
export interface AcquireReply {
  readonly grant: Grant | undefined;
  /** Milliseconds until the leases in the way end; 0 with a grant, or when it is not known. */
  readonly leftMs: number;
  /** The last token of the keys: a message with a grant up to this token is old. */
  readonly lastToken: number;
}

/** Reads the reply to a request that was sent at `sent`, and handles a failed one. */
export interface ReplyReader {
  read(keys: LockTarget, reply: ScriptReply, sent: Instant): AcquireReply;
  failed(keys: LockTarget, reason: LockUnavailableError): void;
}

/** A call of the acquire script or the release script, sent alone or in a batch. */
export abstract class LockCall implements ReplyListener {
  abstract readonly script: 'acquire' | 'release';

  constructor(
    readonly keys: LockTarget,
    private readonly sent: Instant,
    private readonly reader: ReplyReader,
    private readonly listener: ReplyListener<AcquireReply>,
  ) {}

  /** The ARGV of the script when the call is sent alone. */
  abstract toArgv(floor: number): readonly string[];

  /** The call's part of the ARGV of the batch script. */
  abstract toBatchArgv(): readonly [string, string, string];

  onReply(reply: ScriptReply): void {
    this.listener.onReply(this.reader.read(this.keys, reply, this.sent));
  }

  failed(reason: LockUnavailableError): void {
    this.reader.failed(this.keys, reason);
    this.listener.failed(reason);
  }

  onLateReply(reply: ScriptReply): void {
    this.listener.onLateReply(this.reader.read(this.keys, reply, this.sent));
  }
}

export class AcquireCall extends LockCall {
  readonly script = 'acquire';

  constructor(
    keys: LockTarget,
    sent: Instant,
    reader: ReplyReader,
    listener: ReplyListener<AcquireReply>,
    /** See LockScripts.acquire. */
    private readonly held: number | 'try',
  ) {
    super(keys, sent, reader, listener);
  }

  toArgv(floor: number): readonly string[] {
    const args = [this.keys.owner, String(floor)];
    return this.held === 0 ? args : [...args, String(this.held)];
  }

  toBatchArgv(): readonly [string, string, string] {
    return ['acquire', String(this.held), ''];
  }
}

export class ReleaseCall extends LockCall {
  readonly script = 'release';

  constructor(
    private readonly grant: Grant,
    sent: Instant,
    reader: ReplyReader,
    listener: ReplyListener<AcquireReply>,
    /** Queue the owner again in the same step. */
    private readonly requeue: boolean,
  ) {
    super(grant.keys, sent, reader, listener);
  }

  toArgv(): readonly string[] {
    const args = [this.grant.held + this.keys.owner, String(this.grant.lastToken)];
    return this.requeue ? [...args, '1'] : args;
  }

  toBatchArgv(): readonly [string, string, string] {
    return [this.grant.held, String(this.grant.lastToken), this.requeue ? '1' : '0'];
  }
}
