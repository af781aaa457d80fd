import { withoutCredentials } from '../config/logger.js';
import { SettingsError } from '../config/settings/settings.js';

/** One line: the error and its root cause. */
export function describeFailure(error: unknown): string {
  return withoutCredentials(describe(error));
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Its message is complete.
  if (error instanceof SettingsError) return error.message;
  const cause = error.cause instanceof Error ? rootOf(error.cause).message : '';
  return cause && cause !== error.message ? `${error.message}: ${cause}` : error.message;
}

function rootOf(error: Error): Error {
  return error.cause instanceof Error ? rootOf(error.cause) : error;
}
