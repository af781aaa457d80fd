import type { OrderMessage } from '../order-message.js';

/** Settles these requests in this order, all or none; told the same ones twice, it does it once. */
export type SettleMessages = (requestIds: readonly string[]) => Promise<void>;

/**
 * Brings order requests to whoever settles them: messages of one key in the order they were
 * published, at least once, different keys beside each other.
 */
export abstract class OrderQueue {
  /**
   * Resolves once the queue keeps all of them for good, each key's in this order.
   * @throws DependencyUnavailableError it does not; some may have been taken all the same
   * @throws the reason of `stopped`, likewise
   */
  abstract publish(messages: readonly OrderMessage[], stopped?: AbortSignal): Promise<void>;
}
