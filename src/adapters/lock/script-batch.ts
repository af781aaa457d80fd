import { LockUnavailableError } from '../../domain/ports/lock-port.js';
import type { RedisScript } from '../redis/redis-script.js';
import type { StandingKeys } from './redis-grant.js';
import type { LateReply, ScriptReply, ScriptRunner } from './script-runner.js';

/** The scripts that a batch can serve, and the one that serves them. */
export interface BatchTexts {
  readonly acquire: RedisScript;
  readonly release: RedisScript;
  readonly batch: RedisScript;
}

/** A run of one of the two, with the arguments behind the floor and the owner. */
export interface BatchCall {
  readonly script: 'acquire' | 'release';
  readonly keys: StandingKeys;
  readonly floor: string;
  readonly args: readonly [string, string, string];
  readonly late: LateReply | undefined;
}

interface Gathered extends BatchCall {
  readonly resolve: (reply: ScriptReply) => void;
  readonly reject: (reason: unknown) => void;
}

type BatchReply = readonly [serverUs: number, ...replies: (number | ScriptReply | Error)[]];

/**
 * Gathers the calls of one tick that are for one key each, and sends them to Redis as one.
 *
 * That delays none: the client itself writes no earlier than in the next phase of the event loop.
 * A key comes once in a batch, and what is for several keys waits for the batch to be sent first,
 * so whatever is asked for a key is served in the order it was asked for.
 */
export class ScriptBatch {
  readonly #gathered = new Map<string, Gathered>();

  constructor(
    private readonly runner: ScriptRunner,
    private readonly texts: BatchTexts,
    /** 1 where a script reaches no more than one key, as in a Redis Cluster. */
    private readonly mostCalls: number,
  ) {}

  run(call: BatchCall): Promise<ScriptReply> {
    const [name] = call.keys.names;
    if (name === undefined || call.keys.names.length > 1 || this.mostCalls === 1) {
      this.flush();
      return this.#runAlone(call);
    }
    if (this.#gathered.has(name) || this.#gathered.size === this.mostCalls) this.flush();
    return new Promise((resolve, reject) => {
      // After all that was set going by replies which came together.
      if (this.#gathered.size === 0) process.nextTick(this.flush);
      const { script, keys, floor, args, late } = call;
      this.#gathered.set(name, { script, keys, floor, args, late, resolve, reject });
    });
  }

  /** Sends what was gathered. */
  flush = (): void => {
    if (this.#gathered.size === 0) return;
    const calls = [...this.#gathered.values()];
    this.#gathered.clear();
    const [call] = calls;
    // Mostly one comes alone, and spares itself the grouping.
    if (call && calls.length === 1) this.#send([call]);
    else for (const group of Map.groupBy(calls, sharedOwner).values()) this.#send(group);
  };

  #send(calls: readonly Gathered[]): void {
    const [call] = calls;
    if (!call) return;
    if (calls.length > 1) void this.#runTogether(call.keys, calls);
    else this.#runAlone(call).then(call.resolve, call.reject);
  }

  #runAlone({ script, keys, floor, args, late }: BatchCall): Promise<ScriptReply> {
    return this.runner.run(this.texts[script], keys.names, [floor, keys.owner, ...args], late);
  }

  async #runTogether(keys: StandingKeys, calls: readonly Gathered[]): Promise<void> {
    const floor = calls.at(-1)?.floor ?? '0';
    const args = [floor, sharedOwner({ keys }), String(keys.leaseMs), String(keys.tokens)];
    for (const call of calls) {
      if (call.script === 'acquire') args.push('acquire', call.args[2], '');
      else args.push(...call.args);
    }
    const names = calls.flatMap(({ keys }) => keys.names);
    const late = (reply: unknown) => tell(calls, reply as BatchReply, 'late');
    try {
      const reply: unknown = await this.runner.run(this.texts.batch, names, args, late);
      tell(calls, reply as BatchReply, 'resolve');
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
  }
}

/** An owner is this and the name of its key: see scripts/includes/queue.lua. */
function sharedOwner({ keys }: Pick<BatchCall, 'keys'>): string {
  return keys.owner.slice(0, -(keys.names[0]?.length ?? 0));
}

function tell(
  calls: readonly Gathered[],
  [serverUs, ...replies]: BatchReply,
  how: 'resolve' | 'late',
): void {
  for (const [at, call] of calls.entries()) {
    const reply = replies[at] ?? 0;
    if (reply instanceof Error) call.reject(new LockUnavailableError('redis', reply));
    else call[how]?.(typeof reply === 'number' ? [reply, serverUs] : reply);
  }
}
