import { expect } from 'chai';
import { InProcessLock } from '../../../src/adapters/lock/in-process-lock.js';
import { FallingBackLock } from '../../../src/adapters/lock/layers/1-falling-back-lock.js';
import {
  type AcquireOptions,
  type Lease,
  Lock,
  LockBusyError,
  LockUnavailableError,
} from '../../../src/adapters/lock/lock.js';
import { eventually } from '../../../tools/servers/eventually.js';
import { rejection } from '../../support/rejection.js';

/** A lock service that a test can stop. */
class Service extends Lock {
  isAway = false;
  asked = 0;
  readonly #inner = new InProcessLock({ waitMs: 0 });

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    this.asked += 1;
    if (this.isAway) throw new LockUnavailableError('redis', new Error('connection refused'));
    return this.#inner.acquire(keys, options);
  }
}

describe('FallingBackLock', () => {
  it('grants leases of the lock service while the service answers', async () => {
    const lease = await new FallingBackLock(new Service()).acquire(['stock:1']);
    expect(lease.unguardedKeys).to.equal(undefined);
    expect(lease.token).to.be.greaterThan(0);
  });

  it('refuses a busy key, because it falls back only when the service is down', async () => {
    const lock = new FallingBackLock(new Service());
    await lock.acquire(['stock:1']);
    for (let i = 0; i < 3; i++) {
      expect(await rejection(lock.acquire(['stock:1']))).to.be.instanceOf(LockBusyError);
    }
  });

  it('returns the keys of the rows to lock, sorted, from the first request that finds the service down', async () => {
    const service = new Service();
    service.isAway = true;
    const lease = await new FallingBackLock(service).acquire(['wallet:b', 'order:a', 'wallet:b']);
    expect(lease.unguardedKeys).to.deep.equal(['order:a', 'wallet:b']);
    lease.assertHeld();
    await lease.release();
  });

  it('asks a service that is down once, not for every request', async () => {
    const service = new Service();
    service.isAway = true;
    const lock = new FallingBackLock(service);
    for (let i = 0; i < 20; i++) await lock.acquire([`stock:${i}`]);
    expect(service.asked).to.equal(1);
  });

  it('uses the service again when it answers again', async () => {
    const service = new Service();
    service.isAway = true;
    const lock = new FallingBackLock(service);
    await lock.acquire(['stock:1']);
    service.isAway = false;
    await eventually(async () => {
      await using lease = await lock.acquire(['stock:1']);
      expect(lease.unguardedKeys).to.equal(undefined);
    });
  });

  it('learns from a refusal that the service is up again, and then waits as usual', async () => {
    const service = new Service();
    service.isAway = true;
    const lock = new FallingBackLock(service);
    await lock.acquire(['stock:1']);
    service.isAway = false;
    const busy = await service.acquire(['stock:hot']);
    let waiting: Promise<Lease> | undefined;
    await eventually(async () => {
      const asked = service.asked;
      waiting = lock.acquire(['stock:hot'], { waitMs: 60_000 });
      await new Promise(setImmediate);
      expect(service.asked).to.equal(asked + 2);
    });
    await using free = await lock.acquire(['stock:free']);
    expect(free.unguardedKeys).to.equal(undefined);
    await busy.release();
    expect((await waiting)?.unguardedKeys).to.equal(undefined);
  });

  it('starts nothing for a client that has disconnected', async () => {
    const service = new Service();
    service.isAway = true;
    const signal = AbortSignal.abort(new Error('hung up'));
    const error = await rejection(new FallingBackLock(service).acquire(['stock:1'], { signal }));
    expect(error).to.have.property('message', 'hung up');
  });
});
