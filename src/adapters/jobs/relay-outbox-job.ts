import type { RelayOutbox } from '../../application/events/relay-outbox.js';
import type { OutboxChannel } from '../../domain/events/outbox.js';
import type { JobDefinition } from './job.js';

/** Connects a commit that fills the outbox with the job that empties it. */
export class OutboxSignal {
  #listener: (() => void) | undefined;

  /** Something was added to the outbox. */
  readonly notify = (): void => this.#listener?.();

  onNotify(listener: () => void): void {
    this.#listener = listener;
  }
}

/**
 * Publishes the messages of one channel of the outbox. Each channel has a job of its own, so a slow
 * receiver of one does not delay the other. With a `signal` a run follows each commit of this
 * instance. Without it, messages leave once a period, many at a time.
 */
export function relayOutboxJob<C extends OutboxChannel>(
  everyMs: number,
  channel: C,
  relay: RelayOutbox<C>,
  signal?: OutboxSignal,
): JobDefinition {
  return {
    name: `relay-outbox-${channel}`,
    everyMs,
    ...(signal && { subscribe: (runSoon) => signal.onNotify(runSoon) }),
    leader: relay,
    run: (stopped) => relay.execute(stopped),
  };
}
