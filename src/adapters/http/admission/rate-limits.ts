import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/caller.js';
import { HttpProblem } from '../responses/problem.js';
import type { ClientAddresses } from './client-addresses.js';
import { type RatePolicy, RequestCounts, type Taken } from './request-counts.js';
import type { SharedCounts } from './shared-counts.js';

declare module 'http' {
  interface IncomingMessage {
    /** What was counted for this request; undefined: its address is exempt from rate limits. */
    counted?: Counted;
  }
}

/** Most requests in a window; 0: no limit. */
export interface RateLimitRules {
  readonly windowMs: number;
  readonly addressReads: number;
  readonly addressWrites: number;
  readonly userReads: number;
  readonly userWrites: number;
}

/** Why a request was refused, as a label of a metric. */
export type RateRefusal = 'address-reads' | 'address-writes' | 'user-reads' | 'user-writes';

/** The limits of one request, and what it took of each. */
interface Counted {
  readonly byUser: RequestCounts | undefined;
  isUserCounted: boolean;
  readonly shares: Share[];
}

/** The counts of reads, or of writes; undefined where there is no limit. */
interface CountsOfKind {
  readonly byAddress: RequestCounts | undefined;
  readonly byUser: RequestCounts | undefined;
}

interface Share {
  readonly policy: RatePolicy;
  readonly taken: Taken;
}

interface RateLimitParts {
  readonly rules: RateLimitRules;
  readonly shared: Pick<SharedCounts, 'add'>;
  readonly addresses: ClientAddresses;
  /** The user of a token that was verified before; undefined: it must be verified first. */
  readonly knownCaller: (req: IncomingMessage) => Caller | undefined;
  readonly onRefused: (reason: RateRefusal) => void;
}

/**
 * Limits the requests of each address and each user, reads and writes apart. All decisions are made in
 * memory ({@link RequestCounts}).
 *
 * A request is first counted before the router, where a refusal is cheap: for its address, and for its user
 * when the token is known. The first request of a token is counted for its user after the token was
 * verified.
 */
export class RateLimits {
  readonly #reads: CountsOfKind;
  readonly #writes: CountsOfKind;
  /** A flood gets the same problem again and again, and each new error records where it was made. */
  readonly #problems = new LRUCache<string, HttpProblem>({ max: 1_000 });

  constructor(private readonly parts: RateLimitParts) {
    const { rules } = parts;
    this.#reads = {
      byAddress: this.#counts('address-reads', rules.addressReads),
      byUser: this.#counts('user-reads', rules.userReads),
    };
    this.#writes = {
      byAddress: this.#counts('address-writes', rules.addressWrites),
      byUser: this.#counts('user-writes', rules.userWrites),
    };
  }

  /** Counts a request before anything else is done for it. Returns the problem when it is refused. */
  refusalOf(req: IncomingMessage): HttpProblem | undefined {
    const { addresses, knownCaller } = this.parts;
    const address = addresses.keyOf(req);
    if (address === undefined) return undefined;
    const { byAddress, byUser } = isWrite(req.method) ? this.#writes : this.#reads;
    const counted: Counted = { byUser, isUserCounted: false, shares: [] };
    req.counted = counted;
    const refusal = byAddress && this.#take(byAddress, address, counted);
    if (refusal || !byUser) return refusal;
    const caller = knownCaller(req);
    return caller && this.#takeOfUser(caller, counted);
  }

  /**
   * Counts the request for its user, unless it was counted before the router. The response then shows what
   * remains.
   *
   * @throws HttpProblem `rate_limited`
   */
  requireUser(req: IncomingMessage, res: ServerResponse, caller: Caller): void {
    const { counted } = req;
    if (!counted) return;
    const refusal = counted.isUserCounted ? undefined : this.#takeOfUser(caller, counted);
    if (refusal) throw refusal;
    if (counted.shares.length === 0) return;
    for (const [name, value] of Object.entries(headersOf(counted.shares))) {
      res.setHeader(name, value);
    }
  }

  #takeOfUser({ userId }: Caller, counted: Counted): HttpProblem | undefined {
    counted.isUserCounted = true;
    return counted.byUser && this.#take(counted.byUser, userId, counted);
  }

  #take(counts: RequestCounts, key: string, { shares }: Counted): HttpProblem | undefined {
    const share = { policy: counts.policy, taken: counts.take(key) };
    shares.push(share);
    if (share.taken.isAllowed) return undefined;
    this.parts.onRefused(counts.policy.name as RateRefusal);
    return this.#problemOf(share);
  }

  #problemOf(share: Share): HttpProblem {
    const key = `${share.policy.name} ${share.taken.resetsInSeconds}`;
    const known = this.#problems.get(key);
    if (known) return known;
    const problem = rateLimited(share);
    this.#problems.set(key, problem);
    return problem;
  }

  #counts(name: RateRefusal, limit: number): RequestCounts | undefined {
    const { rules, shared } = this.parts;
    if (limit === 0) return undefined;
    return new RequestCounts({ name, limit, windowMs: rules.windowMs }, shared);
  }
}

function isWrite(method: string | undefined): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

function rateLimited(share: Share): HttpProblem {
  const { policy, taken } = share;
  const { name, limit, windowMs } = policy;
  const [whose, what] = name.split('-');
  const seconds = windowMs / 1_000;
  return new HttpProblem(
    'rate_limited',
    `More than ${limit} ${what} in ${seconds} s from your ${whose}. Nothing was changed; retry after ${taken.resetsInSeconds} s.`,
    // The member's name is that of the problem type `quota-exceeded` of the draft below.
    { 'violated-policies': [name] },
    { ...headersOf([share]), 'Retry-After': `${taken.resetsInSeconds}` },
  );
}

/** `draft-ietf-httpapi-ratelimit-headers-11`: a policy is an item; `r` remains, and `t` seconds are left. */
function headersOf(shares: readonly Share[]): Record<string, string> {
  return {
    'RateLimit-Policy': shares
      .map(({ policy }) => `"${policy.name}";q=${policy.limit};w=${policy.windowMs / 1_000}`)
      .join(', '),
    RateLimit: shares
      .map(
        ({ policy, taken }) => `"${policy.name}";r=${taken.remaining};t=${taken.resetsInSeconds}`,
      )
      .join(', '),
  };
}
