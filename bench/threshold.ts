/** A promise that a benchmark checks for one contestant in one scenario, and its result. */
export interface Threshold {
  readonly promise: string;
  readonly contestant: string;
  readonly scenario: string;
  readonly measured: string;
  readonly passed: boolean;
}
