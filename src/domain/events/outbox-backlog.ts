import type { OutboxChannel } from './outbox.js';

export interface Backlog {
  readonly entries: number;
  /** When what waits longest came about; undefined while nothing waits. */
  readonly oldestAt: Date | undefined;
}

/** How far the relay of a channel is behind. */
export abstract class OutboxBacklog {
  /** @throws DependencyUnavailableError */
  abstract measure(channel: OutboxChannel): Promise<Backlog>;
}
