import { hash } from 'node:crypto';
import type { LeaseTerm } from '../leases/lock-clock.js';
import type { LockRequest } from '../waiting/lock-request.js';

/** A set of keys as Redis knows it, and who asks for it: see scripts/includes/queue.lua. */
export interface LockTarget {
  readonly names: readonly string[];
  /** Short, however many keys; of one key it is the same text as of any other. */
  readonly owner: string;
  /** Tells these keys, asked for in this way, from all others of the process. */
  readonly id: string;
  readonly leaseMs: number;
  readonly tokens: number;
}

/** Keys that Redis granted to this process. */
export interface Grant {
  readonly keys: LockTarget;
  readonly firstToken: number;
  /** The last fencing token of the reserved block; Redis knows the grant by a token of the block, its last before a raise or after. */
  lastToken: number;
  /** What Redis stores for the grant, up to the owner: as far as is known, after a renewal that got no answer. */
  held: string;
  readonly term: LeaseTerm;
  /** Told by a message, so another process gave the keys back. */
  readonly isHandedOver: boolean;
}

/** How names are made in Redis. */
export interface LockNames {
  /** Before every name, so that several services may share one Redis. */
  readonly prefix: string;
  /** What brings a text into the Redis Cluster slot of a name; nothing where there are no slots. */
  readonly slotTag: (name: string) => string;
}

/** As long as a word and a UUID: what clients may choose must not make names long. */
const LONGEST_KEY = 48;
/** No brace, which would end the hash tag, and nothing of which one character is several bytes. */
const PLAIN_KEY = new RegExp(`^[!-z|~]{1,${LONGEST_KEY}}$`);
/** 132 bits: nobody finds two keys of one digest. */
const KEY_DIGEST_LENGTH = 22;
/** 60 bits, of a text that begins with a random one: no client can choose two sets of one digest. */
const SET_DIGEST_LENGTH = 10;

/**
 * The hash tag keeps a key and its queue in one Redis Cluster slot. A key that is long or unusual is
 * named by its first word and a digest, so no name is longer than the prefix and 50 characters.
 */
export function lockName(prefix: string, key: string): string {
  return `${prefix}{${PLAIN_KEY.test(key) ? key : shortened(key)}}`;
}

function shortened(key: string): string {
  const word = /^[a-z]{1,24}:/.exec(key)?.[0] ?? '';
  return `${word}~${hash('sha256', key, 'base64url').slice(0, KEY_DIGEST_LENGTH)}`;
}

/** `process` names the process, and this attempt of it where it does not wait. */
export function lockTarget(
  request: LockRequest,
  { prefix, slotTag }: LockNames,
  process: string,
): LockTarget {
  const names = request.keys.map((key) => lockName(prefix, key));
  const { leaseMs, tokens } = request;
  const owner = `${process}:${leaseMs}:${tokens}`;
  const [first = '', second] = names;
  if (second === undefined) return identified(names, owner, leaseMs, tokens);
  const digest = hash('sha1', `${process}\n${names.join('\n')}`, 'base64url');
  const set = `${slotTag(first)}${digest.slice(0, SET_DIGEST_LENGTH)}`;
  return identified(names, `${owner}:${set}`, leaseMs, tokens);
}

function identified(
  names: readonly string[],
  owner: string,
  leaseMs: number,
  tokens: number,
): LockTarget {
  const id = names.length === 1 ? `${owner} ${names[0]}` : owner;
  return { names, owner, id, leaseMs, tokens };
}

/** A grant as another process published it. */
export interface PublishedGrant extends Pick<Grant, 'keys' | 'held' | 'lastToken'> {
  /** Microseconds of the server's clock. */
  readonly takenUs: number;
}

/** Reads a published message: what is stored, and the names of the keys, a line each. */
export function parseGrant(message: string): PublishedGrant | undefined {
  const parts = /^((\d+)([+-]\d+)? )([^:\n]+:(\d+):(\d+)[^\n]*)\n(.+)$/s.exec(message);
  const [, held, token, laterUs = 0, owner, leaseMs, tokens, names] = parts ?? [];
  if (!held || !owner || !names) return undefined;
  const keys = identified(names.split('\n'), owner, Number(leaseMs), Number(tokens));
  return {
    keys,
    held,
    lastToken: Number(token) + keys.tokens - 1,
    takenUs: Number(token) + Number(laterUs),
  };
}

/** What Redis stores for a grant, up to the owner. */
export function heldText(firstToken: number, takenUs: number): string {
  const laterUs = takenUs - firstToken;
  if (laterUs === 0) return `${firstToken} `;
  return `${firstToken}${laterUs > 0 ? '+' : ''}${laterUs} `;
}
