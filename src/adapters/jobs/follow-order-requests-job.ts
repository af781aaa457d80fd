import type { SettlementNotifier } from '../../application/order-queue/settlement-notifier.js';
import type { JobDefinition } from './job.js';

/** Looks up the order requests that clients of this instance follow. */
export function followOrderRequestsJob(
  everyMs: number,
  notifier: SettlementNotifier,
): JobDefinition {
  return {
    name: 'follow-order-requests',
    everyMs,
    run: () => notifier.lookUp(),
  };
}
