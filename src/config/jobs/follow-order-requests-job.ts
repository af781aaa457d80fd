import type { Container } from 'inversify';
import {
  type Repetition,
  type RunFailure,
  runPeriodically,
} from '../../adapters/jobs/run-periodically.js';
import { SettlementWatch } from '../../application/order-queue/settlement-watch.js';
import type { Settings } from '../settings/settings.js';

/** Tells the clients that follow an order request how it was settled, until it is stopped. */
export function followOrderRequests(
  container: Container,
  settings: Settings,
  onError: RunFailure,
): Pick<Repetition, 'stop'> {
  const watch = container.get(SettlementWatch);
  const lookUps = runPeriodically(settings.ORDER_WATCH_MS, () => watch.lookUp(), onError);
  return {
    stop: async () => {
      watch.stop();
      await lookUps.stop();
    },
  };
}
