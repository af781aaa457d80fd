import type { Container } from 'inversify';
import {
  type Repetition,
  type RunFailure,
  runPeriodically,
} from '../../adapters/jobs/run-periodically.js';
import { ForgetSettledRequests } from '../../application/sweeping/forget-settled-requests.js';
import type { Settings } from '../settings/settings.js';

/** Removes what was settled long ago, for as long as the instance runs. */
export function forgetRegularly(
  container: Container,
  settings: Settings,
  forgot: (requests: number) => void,
  onError: RunFailure,
): Repetition {
  const forget = container.get(ForgetSettledRequests);
  return runPeriodically(
    settings.RETENTION_SWEEP_MS,
    async (stopped) => forgot(await forget.execute(stopped)),
    onError,
  );
}
