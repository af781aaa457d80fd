/** Receives failures that do not change the outcome of a unit, such as a failed release. */
export type FailureReport = (
  event: 'release_failed' | 'rollback_failed' | 'refusal_not_recorded' | 'write_intent_not_ended',
  error: unknown,
) => void;
