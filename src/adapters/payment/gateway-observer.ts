export type GatewayCall = 'authorise' | 'find' | 'capture' | 'void' | 'refund';

/** Receives the calls to the gateway. */
export interface GatewayObserver {
  /** @param outcome the status of the charge, `absent` or `failed`; a call and its retries count once */
  called(call: GatewayCall, outcome: string, ms: number): void;
}

export const silentGatewayObserver: GatewayObserver = { called: () => {} };
