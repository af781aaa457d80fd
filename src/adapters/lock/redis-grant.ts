import type { LeaseTerm } from './lock-clock.js';
import type { LockRequest } from './lock-request.js';

/** A set of keys as Redis knows it, and who asks for it: see scripts/includes/queue.lua. */
export interface StandingKeys {
  readonly names: readonly string[];
  readonly owner: string;
  readonly leaseMs: number;
  readonly tokens: number;
}

/** Keys that Redis granted to this process. */
export interface Grant {
  readonly keys: StandingKeys;
  readonly firstToken: number;
  /** The last fencing token of the reserved block; Redis knows the grant by a token of the block, its last before a raise or after. */
  lastToken: number;
  /** When it was granted, or renewed last: microseconds of the server's clock. */
  takenUs: number;
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
  return { names, owner: [process, leaseMs, tokens, ...names].join('\n'), leaseMs, tokens };
}

/** The keys and the grant's numbers in a published message, which is the stored state. */
export function parseGrant(message: string) {
  const [, token, taken, owner] = /^(\d+) (\d+) (.*)$/s.exec(message) ?? [];
  if (!owner) return undefined;
  const [, leaseMs, tokens, ...names] = owner.split('\n');
  const keys = { names, owner, leaseMs: Number(leaseMs), tokens: Number(tokens) };
  return { keys, lastToken: Number(token) + keys.tokens - 1, takenUs: Number(taken) };
}
