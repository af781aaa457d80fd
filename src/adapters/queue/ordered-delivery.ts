import { setTimeout as pause } from 'node:timers/promises';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
  LeaseLostError,
  ResourceBusyError,
} from '../../domain/ports/failures.js';

/** A received message. */
export interface Delivered<Content> {
  /** Undefined: the message has a wrong format. */
  readonly content: Content | undefined;
}

export interface DeliveryRules<Content, T extends Delivered<Content>> {
  /** What a message is, for error texts, as in `order request`. */
  readonly what: string;
  /**
   * Settles the messages in this order. When this fails, some of them may be settled, from the
   * first one on. A message that is delivered again is settled once.
   */
  settle(contents: readonly Content[]): Promise<void>;
  /** Stores a message that cannot be settled, with its cause; then the partition continues. */
  deadLetter(message: T, cause: unknown): Promise<void>;
  /** Tries of a message before it becomes a dead letter. */
  readonly attempts: number;
  readonly backoff: { readonly firstMs: number; readonly longestMs: number };
  /** Called for each failure before another try. */
  retried(error: unknown): void;
}

/**
 * Settles the messages of one partition in their order. While a server is down or busy, it waits
 * without a limit, because every message must be settled. After any other failure it settles the
 * messages of the batch one by one, so that only the message with the error becomes a dead letter.
 */
export class OrderedDelivery<Content, T extends Delivered<Content>> {
  constructor(private readonly rules: DeliveryRules<Content, T>) {}

  /** @throws the reason of `stopped`; then some messages may be settled, and none is lost */
  async deliver(batch: readonly T[], stopped: AbortSignal): Promise<void> {
    const contents = batch.flatMap(({ content }) => content ?? []);
    if (batch.length > 1 && contents.length === batch.length) {
      const isSettled = await this.#untilReachable(() => this.rules.settle(contents), stopped).then(
        () => true,
        () => stopped.throwIfAborted(),
      );
      if (isSettled) return;
    }
    for (const message of batch) await this.#deliverOne(message, stopped);
  }

  async #deliverOne(message: T, stopped: AbortSignal): Promise<void> {
    const cause = await this.#failureOf(message, stopped);
    if (cause) await this.#untilReachable(() => this.rules.deadLetter(message, cause), stopped);
  }

  async #failureOf({ content }: T, stopped: AbortSignal): Promise<unknown> {
    if (content === undefined) return new TypeError(`the message is not an ${this.rules.what}`);
    for (let tries = 1; ; tries++) {
      try {
        await this.#untilReachable(() => this.rules.settle([content]), stopped);
        return undefined;
      } catch (error) {
        stopped.throwIfAborted();
        if (tries >= this.rules.attempts) return error;
        await this.#backOff(error, tries, stopped);
      }
    }
  }

  async #untilReachable(work: () => Promise<void>, stopped: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries++) {
      stopped.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        // @plant delivery-temporary-failure
        if (!isTemporary(error)) throw error;
        // @end delivery-temporary-failure
        await this.#backOff(error, tries, stopped);
      }
    }
  }

  async #backOff(error: unknown, tries: number, signal: AbortSignal): Promise<void> {
    this.rules.retried(error);
    const { firstMs, longestMs } = this.rules.backoff;
    const ms = Math.min(longestMs, firstMs * 2 ** (tries - 1));
    await pause(ms * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

function isTemporary(error: unknown): boolean {
  return (
    error instanceof DependencyUnavailableError ||
    error instanceof ResourceBusyError ||
    error instanceof ConcurrentUpdateError ||
    error instanceof LeaseLostError
  );
}
