import { setTimeout as pause } from 'node:timers/promises';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
  LeaseLostError,
  ResourceBusyError,
} from '../../domain/ports/failures.js';

/** A message with what its dead letter must hold. */
export interface Delivered<Content> {
  /** Undefined when the message cannot be read. */
  readonly content: Content | undefined;
}

export interface DeliveryRules<Content, T extends Delivered<Content>> {
  /** What the messages are, as in `order request`. */
  readonly what: string;
  /**
   * Does what these ask for, in this order. When it fails, the first of them may be done; told the same
   * twice, it does it once.
   */
  settle(contents: readonly Content[]): Promise<void>;
  /** Keeps a message that cannot be settled, with the reason; its partition goes on behind it. */
  deadLetter(message: T, cause: unknown): Promise<void>;
  /** How often a message is tried before it is buried. */
  readonly attempts: number;
  readonly backoff: { readonly firstMs: number; readonly longestMs: number };
  /** Told of every failure that is followed by another try. */
  retried(error: unknown): void;
}

/**
 * Settles the messages of one partition in their order. A server that is away or busy is waited
 * for, however long, since every message was rejectOnThrow to be settled. Any other failure has the
 * batch tried one by one, so that only the message that causes it is buried.
 */
export class OrderedDelivery<Content, T extends Delivered<Content>> {
  constructor(private readonly rules: DeliveryRules<Content, T>) {}

  /** @throws the reason of `stopped` when that aborts; then some may be settled, and none is lost */
  async deliver(batch: readonly T[], stopped: AbortSignal): Promise<void> {
    const contents = batch.flatMap(({ content }) => content ?? []);
    if (batch.length > 1 && contents.length === batch.length) {
      const isSettled = await this.untilReachable(() => this.rules.settle(contents), stopped).then(
        () => true,
        () => stopped.throwIfAborted(),
      );
      if (isSettled) return;
    }
    for (const message of batch) await this.deliverOne(message, stopped);
  }

  private async deliverOne(message: T, stopped: AbortSignal): Promise<void> {
    const cause = await this.failureOf(message, stopped);
    if (cause) await this.untilReachable(() => this.rules.deadLetter(message, cause), stopped);
  }

  private async failureOf({ content }: T, stopped: AbortSignal): Promise<unknown> {
    if (content === undefined) return new TypeError(`the message is no ${this.rules.what}`);
    for (let tries = 1; ; tries++) {
      try {
        await this.untilReachable(() => this.rules.settle([content]), stopped);
        return undefined;
      } catch (error) {
        stopped.throwIfAborted();
        if (tries >= this.rules.attempts) return error;
        await this.backOff(error, tries, stopped);
      }
    }
  }

  private async untilReachable(work: () => Promise<void>, stopped: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries++) {
      stopped.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        // @plant delivery-temporary-failure
        if (!isPassing(error)) throw error;
        // @end delivery-temporary-failure
        await this.backOff(error, tries, stopped);
      }
    }
  }

  private async backOff(error: unknown, tries: number, signal: AbortSignal): Promise<void> {
    this.rules.retried(error);
    const { firstMs, longestMs } = this.rules.backoff;
    const ms = Math.min(longestMs, firstMs * 2 ** (tries - 1));
    await pause(ms * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof DependencyUnavailableError ||
    error instanceof ResourceBusyError ||
    error instanceof ConcurrentUpdateError ||
    error instanceof LeaseLostError
  );
}
