/** Told of failures that do not change a unit's outcome, such as a release that failed. */
export type FailureReport = (
  event: 'release_failed' | 'rollback_failed' | 'refusal_not_recorded' | 'hold_off_not_ended',
  error: unknown,
) => void;
