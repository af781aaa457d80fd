import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiResponse } from '../api-client.js';

const TICK_MS = 10;

/** One request as its client saw it; times are `performance.now()`. */
export interface RequestSeen {
  readonly kind:
    | 'read'
    | 'order'
    | 'keyed order'
    | 'payment'
    | 'charge'
    | 'card payment'
    | 'queued order'
    | 'cancellation'
    | 'settlement';
  readonly sentAt: number;
  readonly settledAt: number;
  /** 0 without an answer. */
  readonly status: number;
  readonly code?: string | undefined;
  /** The instance that failed, or nginx when no instance answered. */
  readonly failedAt?: string | undefined;
}

/** Every request of some clients, as they saw it. */
export class RequestLog {
  readonly requests: RequestSeen[] = [];

  /** Sends a request; without an answer its status is 0. */
  async seen(kind: RequestSeen['kind'], send: () => Promise<ApiResponse>): Promise<ApiResponse> {
    const sentAt = performance.now();
    const nobody = { status: 0, body: undefined, headers: new Headers() };
    const answer = await send().catch(() => nobody);
    const settledAt = performance.now();
    const { status, body, headers } = answer;
    const code = status >= 400 ? String(body?.code) : undefined;
    const failedAt = status >= 500 ? (headers.get('x-instance') ?? 'nginx') : undefined;
    this.requests.push({ kind, sentAt, settledAt, status, code, failedAt });
    return answer;
  }
}

/** Calls a function at a fixed rate, whether or not its earlier calls have ended. */
export class FixedRate implements Disposable {
  readonly #pending: Promise<void>[] = [];
  readonly #timer: NodeJS.Timeout;

  /** @param send gets the number of the call, from 0 */
  constructor(perSecond: number, send: (number: number) => Promise<void>) {
    const begun = performance.now();
    this.#timer = setInterval(() => {
      const due = ((performance.now() - begun) / 1_000) * perSecond;
      // A late tick also makes the calls that it missed.
      while (this.#pending.length < due) this.#pending.push(send(this.#pending.length));
    }, TICK_MS);
  }

  /** Calls no more, and resolves when all calls have ended. */
  async stop(): Promise<void> {
    this[Symbol.dispose]();
    await Promise.all(this.#pending);
  }

  /** Calls no more. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/**
 * Waits of a client between its tries, each up to twice as long as the one before: many clients that try again
 * at a fixed rate would keep a service overloaded that was slow for a moment.
 */
export class Backoff {
  /** In milliseconds. */
  constructor(
    private ms: number,
    private readonly maxMs: number,
  ) {}

  async wait(): Promise<void> {
    await sleep(this.ms * (0.5 + 0.5 * Math.random()));
    this.ms = Math.min(2 * this.ms, this.maxMs);
  }
}
