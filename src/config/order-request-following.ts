import type { Container } from 'inversify';
import { SettlementWatch } from '../application/orders/settlement-watch.js';
import { type Repetition, type RunFailure, repeatedly } from './repeatedly.js';
import type { Settings } from './settings.js';

/** Tells the clients that follow an order request how it was settled, until it is stopped. */
export function followOrderRequests(
  container: Container,
  settings: Settings,
  onError: RunFailure,
): Pick<Repetition, 'stop'> {
  const watch = container.get(SettlementWatch);
  const lookUps = repeatedly(settings.ORDER_WATCH_MS, () => watch.lookUp(), onError);
  return {
    stop: async () => {
      watch.stop();
      await lookUps.stop();
    },
  };
}
