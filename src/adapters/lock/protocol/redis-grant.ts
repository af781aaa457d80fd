import { hash } from 'node:crypto';
import type { LeaseTerm } from '../leases/lease-term.js';

/** A set of keys as Redis names it, with its owner: see scripts/includes/queue.lua. */
export interface LockTarget {
  readonly names: readonly string[];
  /** Short, however many keys there are. The same text for every single key. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly tokens: number;
}

/** Keys that Redis granted to this process. */
export interface Grant {
  readonly keys: LockTarget;
  readonly firstToken: number;
  /** The last fencing token of the reserved block. */
  lastToken: number;
  /** The same in decimal digits. */
  lastText: string;
  /** What Redis stores for the grant, up to the owner; perhaps older, after a renewal without a reply. */
  held: string;
  readonly term: LeaseTerm;
  /** It came as a message: another process released the keys. */
  readonly isHandedOver: boolean;
}

/** How the names in Redis are formed. */
export interface LockNames {
  /** Stands before every name, so that several services can share one Redis. */
  readonly prefix: string;
  /** A hash tag for the Redis Cluster slot of a name; '' without a cluster. */
  readonly slotTag: (name: string) => string;
}

/** A word and a UUID fit: a key that a client chooses must not make a name long. */
const LONGEST_KEY = 48;
/** No brace, because it would end the hash tag, and no character of several bytes. */
const PLAIN_KEY = new RegExp(`^[!-z|~]{1,${LONGEST_KEY}}$`);
/** 132 bits: two keys with one digest cannot be found. */
const KEY_DIGEST_LENGTH = 22;
/** 60 bits of a text that begins with a random part: no client can choose two sets with one digest. */
const SET_DIGEST_LENGTH = 10;

/**
 * The name of a lock key. Its hash tag keeps a key and its queue in one Redis Cluster slot. The name of
 * a long or unusual key is its first word and a digest, so no name is longer than the prefix and 50
 * characters.
 */
export function lockName(prefix: string, key: string): string {
  return `${prefix}{${PLAIN_KEY.test(key) ? key : shortened(key)}}`;
}

function shortened(key: string): string {
  const word = /^[a-z]{1,24}:/.exec(key)?.[0] ?? '';
  return `${word}~${hash('sha256', key, 'base64url').slice(0, KEY_DIGEST_LENGTH)}`;
}

/** The names of keys, in their order. */
export function lockNames(keys: readonly string[], prefix: string): readonly string[] {
  return keys.map((key) => lockName(prefix, key));
}

/** `process` is the name of the process, with the number of the attempt for an acquire that does not wait. */
export function lockTarget(
  names: readonly string[],
  leaseMs: number,
  tokens: number,
  slotTag: LockNames['slotTag'],
  process: string,
): LockTarget {
  const owner = `${process}:${leaseMs}:${tokens}`;
  if (names.length === 1) return { names, owner, leaseMs, tokens };
  const digest = hash('sha1', `${process}\n${names.join('\n')}`, 'base64url');
  const set = `${slotTag(names[0] ?? '')}${digest.slice(0, SET_DIGEST_LENGTH)}`;
  return { names, owner: `${owner}:${set}`, leaseMs, tokens };
}

/** A grant in a message. */
export interface PublishedGrant extends Pick<Grant, 'keys' | 'held'> {
  /** The first token, in decimal digits. */
  readonly firstText: string;
  /** Microseconds of the server's clock. */
  readonly takenUs: number;
}

/** Reads a message: the stored text, then the names of the keys, one a line. Undefined for other text. */
export function parseGrant(message: string): PublishedGrant | undefined {
  const parts = /^((\d+)([+-]\d+)? )([^:\n]+:(\d+):(\d+)[^\n]*)\n(.+)$/s.exec(message);
  const [, held, firstText, laterUs = 0, owner, leaseMs, tokens, names] = parts ?? [];
  if (!held || !firstText || !owner || !names) return undefined;
  const keys = {
    names: names.split('\n'),
    ...{ owner, leaseMs: Number(leaseMs), tokens: Number(tokens) },
  };
  return {
    keys,
    held,
    firstText,
    takenUs: Number(firstText) + Number(laterUs),
  };
}

/** What Redis stores for a grant, up to the owner. */
export function heldText(firstToken: number, takenUs: number): string {
  const laterUs = takenUs - firstToken;
  if (laterUs === 0) return `${firstToken} `;
  return `${firstToken}${laterUs > 0 ? '+' : ''}${laterUs} `;
}

/**
 * The sum of a token in decimal digits and a small number. Mostly it only changes the last three digits: to print a
 * number of sixteen digits takes twice as long.
 */
export function plus(token: string, n: number): string {
  if (n === 0) return token;
  const end = Number(token.slice(-3)) + n;
  if (token.length <= 3 || end > 999) return String(Number(token) + n);
  return token.slice(0, -3) + String(1000 + end).slice(1);
}
