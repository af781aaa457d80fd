import { type AcquireOptions, type Lease, LockPort } from '../../domain/ports/lock-port.js';
import type { Note } from './timeline.js';

/** Another lock, with each step of one request written down. */
export class TracedLock extends LockPort {
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
    note('acquired', keys.join(', '));
    const release = () => {
      // Before it is sent: the next holder may hear of it before this one has the answer.
      note(isHeld(lease) ? 'released' : 'lease lost');
      return lease.release();
    };
    return {
      keys: lease.keys,
      token: lease.token,
      get signal() {
        return lease.signal;
      },
      assertHeld: () => lease.assertHeld(),
      release,
      [Symbol.asyncDispose]: release,
    };
  }
}

function isHeld(lease: Lease): boolean {
  try {
    lease.assertHeld();
    return true;
  } catch {
    return false;
  }
}
