import type { OrderRequestState } from '../../domain/orders/order-request.js';

/** Is told which requests were settled, behind the commit that settled them. */
export type SettlementObserver = (settled: readonly OrderRequestState[]) => void;

export const silentSettlementObserver: SettlementObserver = () => {};
