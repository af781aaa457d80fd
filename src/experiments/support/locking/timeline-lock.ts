import { type AcquireOptions, type Lease, LockPort } from '../../../domain/ports/lock-port.js';
import type { Note } from '../timeline.js';

/** Wraps a lock and records each step of one request. */
export class TimelineLock extends LockPort {
  constructor(
    private readonly inner: LockPort,
    private readonly note: Note,
  ) {
    super();
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    const { note } = this;
    note('waiting', keys.join(', '));
    const lease = await this.inner.acquire(keys, options);
    note(stepOf(lease), keys.join(', '));
    const release = () => {
      // No lock service knows this lease.
      if (lease.token === 0) return lease.release();
      // Recorded before it is sent: the next holder may be granted before this call returns.
      note(isHeld(lease) ? 'released' : 'lease lost');
      return lease.release();
    };
    return {
      keys: lease.keys,
      token: lease.token,
      ...(lease.unguardedKeys && { unguardedKeys: lease.unguardedKeys }),
      get signal() {
        return lease.signal;
      },
      assertHeld: () => lease.assertHeld(),
      release,
      [Symbol.asyncDispose]: release,
    };
  }
}

/** Every lease of a lock service has a token above 0. */
function stepOf({ unguardedKeys, token }: Lease): 'acquired' | 'fell back' | 'no lock' {
  if (unguardedKeys) return 'fell back';
  return token === 0 ? 'no lock' : 'acquired';
}

function isHeld(lease: Lease): boolean {
  try {
    lease.assertHeld();
    return true;
  } catch {
    return false;
  }
}
