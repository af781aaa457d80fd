export type GatewayCall = 'authorise' | 'find' | 'capture' | 'void' | 'refund';

/** Is told of calls to the gateway. */
export interface GatewayObserver {
  /** The outcome is the charge's status, `absent`, or `failed`; repeats are one call. */
  called(call: GatewayCall, outcome: string, ms: number): void;
}

export const silentGatewayObserver: GatewayObserver = { called: () => {} };
