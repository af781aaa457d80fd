import type { Container } from 'inversify';
import { ForgetSettledRequests } from '../application/expiry/forget-settled-requests.js';
import { type Repetition, type RunFailure, repeatedly } from './repeatedly.js';
import type { Settings } from './settings.js';

/** Removes what was settled long ago, for as long as the instance runs. */
export function forgetRegularly(
  container: Container,
  settings: Settings,
  forgot: (requests: number) => void,
  onError: RunFailure,
): Repetition {
  const forget = container.get(ForgetSettledRequests);
  return repeatedly(
    settings.RETENTION_SWEEP_MS,
    async (stopped) => forgot(await forget.execute(stopped)),
    onError,
  );
}
