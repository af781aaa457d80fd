import type { Instant } from '../leases/lock-clock.js';
import type { LockUnavailableError } from '../lock.js';
import type { Grant, LockTarget } from './redis-grant.js';
import type { ReplyListener, ScriptReply } from './script-runner.js';

/** What came of asking for keys: a grant, or how long the leases in the way may last. */
export interface Answer {
  readonly grant: Grant | undefined;
  readonly leftMs: number;
  /** The last token of the keys: a grant with a token up to this one is an old message. */
  readonly lastToken: number;
}

/** Reads a reply to what was sent then, or the failure in its place. */
export interface AnswerReader {
  read(keys: LockTarget, reply: ScriptReply, sent: Instant): Answer;
  failed(keys: LockTarget, reason: LockUnavailableError): void;
}

/** A call of the script that acquires or of the one that releases, by itself or in a batch. */
export abstract class LockCall implements ReplyListener {
  abstract readonly script: 'acquire' | 'release';

  constructor(
    readonly keys: LockTarget,
    private readonly sent: Instant,
    private readonly reader: AnswerReader,
    private readonly listener: ReplyListener<Answer>,
  ) {}

  /** Its ARGV when it is sent by itself. */
  abstract alone(floor: number): readonly string[];

  /** Its part of a batch's ARGV. */
  abstract together(): readonly [string, string, string];

  heard(reply: ScriptReply): void {
    this.listener.heard(this.reader.read(this.keys, reply, this.sent));
  }

  failed(reason: LockUnavailableError): void {
    this.reader.failed(this.keys, reason);
    this.listener.failed(reason);
  }

  late(reply: ScriptReply): void {
    this.listener.late(this.reader.read(this.keys, reply, this.sent));
  }
}

export class AcquireCall extends LockCall {
  readonly script = 'acquire';

  constructor(
    keys: LockTarget,
    sent: Instant,
    reader: AnswerReader,
    listener: ReplyListener<Answer>,
    private readonly standing: number | 'try',
  ) {
    super(keys, sent, reader, listener);
  }

  alone(floor: number): readonly string[] {
    const usual = [this.keys.owner, String(floor)];
    return this.standing === 0 ? usual : [...usual, String(this.standing)];
  }

  together(): readonly [string, string, string] {
    return ['acquire', String(this.standing), ''];
  }
}

export class ReleaseCall extends LockCall {
  readonly script = 'release';

  constructor(
    private readonly grant: Grant,
    sent: Instant,
    reader: AnswerReader,
    listener: ReplyListener<Answer>,
    private readonly again: boolean,
  ) {
    super(grant.keys, sent, reader, listener);
  }

  alone(): readonly string[] {
    const usual = [this.grant.held + this.keys.owner, String(this.grant.lastToken)];
    return this.again ? [...usual, '1'] : usual;
  }

  together(): readonly [string, string, string] {
    return [this.grant.held, String(this.grant.lastToken), this.again ? '1' : '0'];
  }
}
