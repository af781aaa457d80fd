import { auditShop, auditSums } from '../invariants/audit-ledgers.js';
import type { ShopState } from '../invariants/shop-state.js';
import { type Verdict, verdictOf } from '../invariants/verdict.js';

/** Scenarios that only read. */
const ORDERLESS = new Set(['catalogue']);

/** Audits the shop after a scenario; a scenario that sent no requests has failed. */
export function judgeLoad(scenario: string, state: ShopState, requests: number): Verdict[] {
  const judge = ORDERLESS.has(scenario) ? auditSums : auditShop;
  return [verdictOf('requests were sent', requests, []), ...judge(state)];
}
