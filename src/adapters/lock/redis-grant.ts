import type { LeaseTerm } from './lock-clock.js';
import type { LockRequest } from './lock-request.js';

/** A set of keys as Redis knows it, and who asks for it: see scripts/includes/queue.lua. */
export interface StandingKeys {
  readonly names: readonly string[];
  readonly owner: string;
  /** The owner up to the names. */
  readonly common: string;
  readonly leaseMs: number;
  readonly tokens: number;
}

/** Keys that Redis granted to this process. */
export interface Grant {
  readonly keys: StandingKeys;
  readonly firstToken: number;
  /** The last fencing token of the reserved block; Redis knows the grant by a token of the block, its last before a raise or after. */
  lastToken: number;
  /** What Redis stores for the grant, up to the owner: as far as is known, after a renewal that got no answer. */
  held: string;
  readonly term: LeaseTerm;
  /** Told by a message, so another process gave the keys back. */
  readonly isHandedOver: boolean;
}

/** The hash tag keeps a key and its queue in one Redis Cluster slot. */
export function lockName(prefix: string, key: string): string {
  return `${prefix}{${key}}`;
}

/** `process` is the channel on which the process listens for its grants. */
export function standingKeys(request: LockRequest, prefix: string, process: string): StandingKeys {
  const names = request.keys.map((key) => lockName(prefix, key));
  const { leaseMs, tokens } = request;
  const common = `${process}\n${leaseMs}\n${tokens}\n`;
  return { names, owner: common + names.join('\n'), common, leaseMs, tokens };
}

/** A grant as another process published it. */
export interface ToldGrant extends Pick<Grant, 'keys' | 'held' | 'lastToken'> {
  /** Microseconds of the server's clock. */
  readonly takenUs: number;
}

/** Reads a published message, which is what is stored. */
export function parseGrant(message: string): ToldGrant | undefined {
  const [, held, token, taken, owner] = /^((\d+) (\d+) )(.*)$/s.exec(message) ?? [];
  if (!held || !owner) return undefined;
  const [process, leaseMs, tokens, ...names] = owner.split('\n');
  const common = `${process}\n${leaseMs}\n${tokens}\n`;
  const keys = { names, owner, common, leaseMs: Number(leaseMs), tokens: Number(tokens) };
  return { keys, held, lastToken: Number(token) + keys.tokens - 1, takenUs: Number(taken) };
}
