import { type AcquireOptions, type Lease, LockPort } from '../../../domain/ports/lock-port.js';
import type { Spans, WorkSpan } from './spans.js';

/** Records the wait for each lock, and how long its lease is held. */
export class TracedLock extends LockPort {
  constructor(
    private readonly inner: LockPort,
    private readonly spans: Spans,
  ) {
    super();
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    if (this.spans.current.length === 0) return this.inner.acquire(keys, options);
    const attributes = { [LOCK_KEYS]: keys.map(nameOf) };
    const wait = this.spans.start(WAIT, { attributes });
    const lease = await wait.endWith(() => this.inner.acquire(keys, options));
    return new TracedLease(lease, this.spans.start(HOLD, { attributes }));
  }
}

export const WAIT = 'wait for lock';
export const HOLD = 'hold lock';
export const LOCK_KEYS = 'lockstep.lock.keys';

/** Such a key ends with what a client sent as its idempotency key, which no trace contains. */
function nameOf(key: string): string {
  return key.startsWith('idempotency:') ? 'idempotency' : key;
}

class TracedLease implements Lease {
  readonly keys: readonly string[];
  readonly token: number;
  readonly unguardedKeys?: readonly string[];

  constructor(
    private readonly inner: Lease,
    private readonly span: WorkSpan,
  ) {
    this.keys = inner.keys;
    this.token = inner.token;
    if (inner.unguardedKeys) this.unguardedKeys = inner.unguardedKeys;
  }

  get signal(): AbortSignal {
    return this.inner.signal;
  }

  assertHeld(): void {
    this.inner.assertHeld();
  }

  release(): Promise<void> {
    return this.span.endWith(() => this.inner.release());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
