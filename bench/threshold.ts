/** One promise of the lock, and what came of it. */
export interface Threshold {
  readonly promise: string;
  readonly contestant: string;
  readonly scenario: string;
  readonly measured: string;
  readonly passed: boolean;
}
