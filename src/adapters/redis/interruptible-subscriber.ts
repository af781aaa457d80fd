import type { SubscriberClient } from './command-client.js';

type Listener = (message: string) => void;

/** Pause before a failed subscription is tried again, in milliseconds. */
const RETRY_MS = 100;

/**
 * A subscriber that can be cut off for a bounded time, to show what the service does without messages.
 * While it is cut off, it is not subscribed, and no message reaches its listeners. Then it subscribes
 * again by itself and reports `ready`, as after a reconnection: messages may have been lost before.
 */
export class InterruptibleSubscriber implements SubscriberClient {
  readonly #channels = new Map<string, Listener>();
  readonly #onReady = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #endsAtMs = 0;
  /** One change of the subscriptions after another: node-redis mixes up two at the same time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly client: SubscriberClient) {}

  /** Milliseconds until it subscribes again; 0: it is not cut off. */
  get interruptedForMs(): number {
    return Math.max(0, this.#endsAtMs - performance.now());
  }

  /** Cuts it off for so many milliseconds from now on; 0 ends the interruption. */
  interrupt(forMs: number): void {
    clearTimeout(this.#timer);
    this.#endsAtMs = performance.now() + forMs;
    this.#timer = setTimeout(() => this.#resume(), forMs);
    this.#timer.unref();
    if (forMs > 0) void this.#forEach((channel) => this.client.unsubscribe(channel));
  }

  async subscribe(channel: string, listener: Listener): Promise<void> {
    // node-redis subscribes again when the connection was lost before it could unsubscribe.
    const unlessCut = (message: string) => {
      if (this.interruptedForMs === 0) listener(message);
    };
    this.#channels.set(channel, unlessCut);
    if (this.interruptedForMs === 0) await this.client.subscribe(channel, unlessCut);
  }

  async unsubscribe(channel: string): Promise<void> {
    this.#channels.delete(channel);
    await this.client.unsubscribe(channel);
  }

  on(event: 'ready' | 'error', listener: () => void): void {
    if (event === 'ready') this.#onReady.add(listener);
    this.client.on(event, listener);
  }

  off(event: 'ready' | 'error', listener: () => void): void {
    this.#onReady.delete(listener);
    this.client.off(event, listener);
  }

  #resume(): void {
    // A timer may run a moment before its time.
    this.#endsAtMs = 0;
    const outcomes = this.#forEach((channel, listener) => this.client.subscribe(channel, listener));
    void outcomes.then((all) => {
      if (this.interruptedForMs > 0) return;
      if (all.every(({ status }) => status === 'fulfilled')) {
        for (const ready of this.#onReady) ready();
        return;
      }
      this.#timer = setTimeout(() => this.#resume(), RETRY_MS);
      this.#timer.unref();
    });
  }

  #forEach(change: (channel: string, listener: Listener) => Promise<unknown>) {
    const outcomes = this.#last.then(() =>
      Promise.allSettled(
        [...this.#channels].map(([channel, listener]) => change(channel, listener)),
      ),
    );
    this.#last = outcomes;
    return outcomes;
  }
}
