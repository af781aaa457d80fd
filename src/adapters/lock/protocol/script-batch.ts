import type { RedisScript } from '../../redis/redis-script.js';
import { LockUnavailableError } from '../lock.js';
import type { LockCall } from './lock-call.js';
import type { ScriptReply, ScriptRunner } from './script-runner.js';
import type { TokenFloor } from './token-floor.js';

/** The scripts that a batch can serve, and the one that serves them. */
export interface BatchTexts {
  readonly acquire: RedisScript;
  readonly release: RedisScript;
  readonly batch: RedisScript;
}

type BatchReply = readonly [serverUs: number, ...replies: (number | ScriptReply | Error)[]];

/**
 * Gathers the calls of one tick that are for one key each, and sends them to Redis as one; a call
 * that finds nothing under way goes ahead, for mostly it is the only one.
 *
 * That delays none: the client itself writes no earlier than in the next phase of the event loop.
 * A key comes once in a batch, and what is for several keys waits for the batch to be sent first,
 * so whatever is asked for a key is served in the order it was asked for.
 */
export class ScriptBatch {
  /**
   * A new map for each batch: V8 keeps what a cleared map held for as long as the map itself, so
   * every answered call would grow old before it is collected.
   */
  #gathered = new Map<string, LockCall>();

  constructor(
    private readonly runner: ScriptRunner,
    private readonly texts: BatchTexts,
    private readonly floor: TokenFloor,
    /** 1 where a script reaches no more than one key, as in a Redis Cluster. */
    private readonly mostCalls: number,
  ) {}

  run(call: LockCall): void {
    const [name] = call.keys.names;
    const isLonely = this.runner.isIdle && this.#gathered.size === 0;
    if (isLonely || name === undefined || call.keys.names.length > 1 || this.mostCalls === 1) {
      this.flush();
      this.#runAlone(call);
      return;
    }
    if (this.#gathered.has(name) || this.#gathered.size === this.mostCalls) this.flush();
    // After all that was set going by replies which came together.
    if (this.#gathered.size === 0) process.nextTick(this.flush);
    this.#gathered.set(name, call);
  }

  /** Sends what was gathered. */
  flush = (): void => {
    if (this.#gathered.size === 0) return;
    const gathered = this.#gathered;
    this.#gathered = new Map();
    // Mostly all have the lease and the tokens that are usual.
    const byOwner = new Map<string, LockCall[]>();
    for (const call of gathered.values()) {
      const same = byOwner.get(call.keys.owner);
      if (same) same.push(call);
      else byOwner.set(call.keys.owner, [call]);
    }
    for (const [owner, calls] of byOwner) this.#send(owner, calls);
  };

  #send(owner: string, calls: readonly LockCall[]): void {
    const [call] = calls;
    if (calls.length > 1) this.#runTogether(owner, calls);
    else if (call) this.#runAlone(call);
  }

  #runAlone(call: LockCall): void {
    this.runner.run(this.texts[call.script], call.keys.names, call.alone(this.floor.token), call);
  }

  #runTogether(owner: string, calls: readonly LockCall[]): void {
    const names: string[] = [];
    const args = [String(this.floor.token), owner];
    for (const call of calls) {
      names.push(...call.keys.names);
      args.push(...call.together());
    }
    this.runner.run(this.texts.batch, names, args, {
      heard: (reply) => tell(calls, reply as unknown as BatchReply, 'heard'),
      failed: (reason) => {
        for (const call of calls) call.failed(reason);
      },
      late: (reply) => tell(calls, reply as unknown as BatchReply, 'late'),
    });
  }
}

function tell(calls: readonly LockCall[], replies: BatchReply, how: 'heard' | 'late'): void {
  const [serverUs] = replies;
  for (let at = 0; at < calls.length; at += 1) {
    const call = calls[at];
    const reply = replies[at + 1] ?? 0;
    if (!call) continue;
    // Whoever hears an answer late has been told of the failure.
    if (reply instanceof Error) {
      if (how === 'heard') call.failed(new LockUnavailableError('redis', reply));
    } else if (reply === 1) call[how](serverUs);
    else call[how](reply === 0 ? [] : reply);
  }
}
