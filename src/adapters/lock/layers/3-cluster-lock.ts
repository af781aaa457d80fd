import { GrantedLease } from '../leases/granted-lease.js';
import { MultiSlotLease } from '../leases/multi-slot-lease.js';
import {
  type AcquireOptions,
  type Lease,
  LeaseLostError,
  Lock,
  LockBusyError,
  LockUnavailableError,
} from '../lock.js';
import { keySlot, slotTag } from '../protocol/key-slot.js';
import { lockName } from '../protocol/redis-grant.js';
import { type RedisLockSettings, redisLockSettings } from '../redis-lock-settings.js';
import { type LockRequest, lockRequest } from '../waiting/lock-request.js';
import { MultiSlotWaiterGroup } from '../waiting/multi-slot-waiter-group.js';
import { WaiterGroups } from '../waiting/waiter-groups.js';
import { RedisLock, type RedisLockClients } from './4-redis-lock.js';

/** Which server of a Redis Cluster keeps a slot. */
export interface SlotOwners {
  /**
   * Connections to the server itself, the same ones until it is replaced.
   *
   * @throws RedisUnavailableError the slot has no known master, or it cannot be reached
   */
  ownerOf(slot: number): Promise<RedisLockClients>;
}

/** The keys of one acquire that lie in one slot. */
interface SlotKeys {
  readonly slot: number;
  readonly keys: readonly string[];
}

/**
 * Locks for every process that shares one Redis Cluster.
 *
 * Each server has a RedisLock of its own, whose commands and subscription go to that server. So a script
 * sees who listens there, and no script knows of the cluster. A script reaches the keys of one slot. Keys
 * of several slots are taken slot by slot in ascending order, the same for every process, so there is no
 * deadlock. Leases taken early are renewed meanwhile, and released on failure. Only within one slot do
 * several keys have one place in every queue: across slots, another process may overtake at the keys not
 * yet reached.
 *
 * Replication in a cluster is asynchronous, so a promoted replica may not know of a lease: the
 * fencing tokens and the versions of the rows decide then.
 */
export class ClusterLock extends Lock {
  readonly #settings: RedisLockSettings;
  readonly #locks = new Map<RedisLockClients, RedisLock>();
  readonly #groups = new WaiterGroups<MultiSlotWaiterGroup>();
  #closed = false;

  constructor(
    private readonly owners: SlotOwners,
    settings: Partial<RedisLockSettings> = {},
  ) {
    super();
    // Resolved once, so that the locks of all servers share one token floor and one limit. No batches, because a script
    // reaches no keys of two slots.
    this.#settings = redisLockSettings({
      ...settings,
      maxBatchSize: 1,
      slotTag: (name) => `{${slotTag(keySlot(name))}}`,
    });
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    const request = lockRequest(keys, options, this.#settings);
    const slots = this.#bySlot(request.keys);
    const [only] = slots;
    if (slots.length > 1 || !only) return this.#acquireAll(slots, request);
    const lock = await this.#lockOf(only.slot);
    request.signal?.throwIfAborted();
    return lock.acquireFor(request);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#locks.values()].map((lock) => lock.close()));
  }

  #acquireAll(slots: readonly SlotKeys[], request: LockRequest): Promise<Lease> {
    const { strategy, turns, limit } = this.#settings;
    const isShared = strategy === 'pubsub' && turns > 1;
    const id = `${request.leaseMs}\n${request.keys.join('\n')}`;
    if (request.waitMs > 0) {
      limit.admit(request.keys);
      if (isShared) return this.#groupFor(id, slots, request).wait(request);
    } else if (this.#groups.busy(id)) throw new LockBusyError(request.keys);
    return this.#takeAll(slots, request);
  }

  #groupFor(id: string, slots: readonly SlotKeys[], request: LockRequest): MultiSlotWaiterGroup {
    let group = this.#groups.get(id);
    if (!group) {
      const take = (next: LockRequest) => this.#takeAll(slots, next);
      group = new MultiSlotWaiterGroup(
        // The group outlives its first request.
        { ...request, signal: undefined },
        take,
        this.#settings,
        this.#settings.limit,
      );
      this.#groups.add(id, group);
    }
    return group;
  }

  async #takeAll(slots: readonly SlotKeys[], request: LockRequest): Promise<MultiSlotLease> {
    const { tokens = 1 } = request;
    const deadlineMs = this.#nowMs() + request.waitMs;
    const parts: GrantedLease[] = [];
    try {
      for (const each of slots) {
        const waitMs = Math.max(0, deadlineMs - this.#nowMs());
        parts.push(await this.#take(each, { ...request, waitMs, tokens }, parts));
      }
      return await spanning(parts, request, tokens);
    } catch (error) {
      // Awaited, so that the keys are free when the caller sees the failure.
      await Promise.all(parts.map((lease) => lease.release()));
      throw forAllKeys(error, request);
    }
  }

  async #take(
    { slot, keys }: SlotKeys,
    request: LockRequest,
    taken: readonly GrantedLease[],
  ): Promise<GrantedLease> {
    const lock = await this.#lockOf(slot);
    const cancelled = new AbortController();
    const cancel = () => cancelled.abort(request.signal?.reason);
    request.signal?.throwIfAborted();
    request.signal?.addEventListener('abort', cancel);
    // When one part is lost, the acquire need not wait for the others.
    const signal = AbortSignal.any([cancelled.signal, ...taken.map((lease) => lease.signal)]);
    try {
      signal.throwIfAborted();
      const lease = await lock.acquireFor({ ...request, keys, signal });
      if (!(lease instanceof GrantedLease)) throw new Error('the lease of a slot is not whole');
      return lease;
    } finally {
      request.signal?.removeEventListener('abort', cancel);
    }
  }

  async #lockOf(slot: number): Promise<RedisLock> {
    const clients = await this.owners.ownerOf(slot).catch((error: unknown) => {
      throw new LockUnavailableError('redis', error);
    });
    if (this.#closed) throw new LockUnavailableError('redis', new Error('the lock is closed'));
    let lock = this.#locks.get(clients);
    if (!lock) {
      lock = new RedisLock(clients, this.#settings);
      this.#locks.set(clients, lock);
    }
    return lock;
  }

  #bySlot(keys: readonly string[]): readonly SlotKeys[] {
    const { prefix } = this.#settings;
    const slots = Map.groupBy(keys, (key) => keySlot(lockName(prefix, key)));
    return [...slots]
      .map(([slot, group]) => ({ slot, keys: group }))
      .sort((a, b) => a.slot - b.slot);
  }

  #nowMs(): number {
    return this.#settings.clock.now().monotonicMs;
  }
}

/** Raises the tokens of all parts: a later lease on one part must have a greater token than the whole. */
async function spanning(
  parts: readonly GrantedLease[],
  { keys, signal }: LockRequest,
  tokens: number,
): Promise<MultiSlotLease> {
  const lease = new MultiSlotLease(keys, parts);
  const lastToken = lease.token + tokens - 1;
  const lower = parts.filter((part) => part.token < lease.token);
  await Promise.all(lower.map((part) => part.raiseToken(lastToken)));
  lease.assertHeld();
  signal?.throwIfAborted();
  return lease;
}

function forAllKeys(error: unknown, { keys }: LockRequest): unknown {
  if (error instanceof LockBusyError) return new LockBusyError(keys, error.reason);
  // Lost before it was granted as a whole: a server does not reply.
  if (error instanceof LeaseLostError) return new LockUnavailableError('redis', error);
  return error;
}
