import type { RedisScript } from '../../redis/redis-script.js';
import type { TimedClient } from '../../redis/timed-client.js';
import type { LockCall, ScriptReply } from './lock-call.js';
import type { TokenFloor } from './token-floor.js';

type BatchReply = readonly [serverUs: number, ...replies: (number | ScriptReply | Error)[]];

/**
 * Gathers the calls of one tick that name one key each, and sends them to Redis as one request. A call
 * is sent at once when no other is under way, because it is mostly the only one.
 *
 * This delays no call: the client writes in the next phase of the event loop at the earliest. A batch
 * names each key once, and a call for several keys is sent after the batch, so Redis serves the calls for
 * one key in their order.
 */
export class ScriptBatch {
  /**
   * A new map for each batch: V8 keeps the content of a cleared map as long as the map itself, so
   * calls would survive until a full garbage collection.
   */
  #gathered = new Map<string, LockCall>();

  constructor(
    private readonly client: TimedClient,
    /** Serves several calls. */
    private readonly script: RedisScript,
    private readonly floor: TokenFloor,
    /** 1 when a script can reach one key only, as in a Redis Cluster. */
    private readonly maxBatchSize: number,
  ) {}

  run(call: LockCall): void {
    const { names } = call.keys;
    const isOnly = this.client.isIdle && this.#gathered.size === 0;
    const name = names.length === 1 ? names[0] : undefined;
    if (isOnly || name === undefined || this.maxBatchSize === 1) {
      if (!isOnly) this.flush();
      this.#sendOne(call);
      return;
    }
    if (this.#gathered.has(name) || this.#gathered.size === this.maxBatchSize) this.flush();
    // Runs after the callbacks of all replies that came together.
    if (this.#gathered.size === 0) process.nextTick(this.flush);
    this.#gathered.set(name, call);
  }

  /** Sends the gathered calls. */
  flush = (): void => {
    if (this.#gathered.size === 0) return;
    const gathered = this.#gathered;
    this.#gathered = new Map();
    // Mostly there is one owner: all calls have the default lease and tokens.
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
    if (calls.length > 1) this.#sendBatch(owner, calls);
    else if (call) this.#sendOne(call);
  }

  #sendOne(call: LockCall): void {
    const args = call.toArgv(this.floor.text);
    this.client.runScript(call.script, call.keys.names, args, call);
  }

  #sendBatch(owner: string, calls: readonly LockCall[]): void {
    const names: string[] = [];
    const args = [this.floor.text, owner];
    for (const call of calls) {
      names.push(...call.keys.names);
      args.push(...call.toBatchArgv());
    }
    this.client.runScript(this.script, names, args, {
      onReply: (reply) => distribute(calls, reply as BatchReply, 'onReply'),
      onFailure: (error) => {
        for (const call of calls) call.onFailure(error);
      },
      onLateReply: (reply) => distribute(calls, reply as BatchReply, 'onLateReply'),
    });
  }
}

function distribute(
  calls: readonly LockCall[],
  replies: BatchReply,
  method: 'onReply' | 'onLateReply',
): void {
  const [serverUs] = replies;
  for (let at = 0; at < calls.length; at += 1) {
    const call = calls[at];
    const reply = replies[at + 1] ?? 0;
    if (!call) continue;
    // A late call has failed already.
    if (reply instanceof Error) {
      if (method === 'onReply') call.onFailure({ cause: reply });
    } else if (reply === 1) call[method](serverUs);
    else call[method](reply === 0 ? null : reply);
  }
}
