import type { SettlementWatch } from '../../application/order-queue/settlement-watch.js';
import type { JobDefinition } from './job.js';

/** Looks up the order requests that clients of this instance follow. */
export function followOrderRequests(everyMs: number, watch: SettlementWatch): JobDefinition {
  return {
    name: 'follow-order-requests',
    everyMs,
    run: () => watch.lookUp(),
  };
}
