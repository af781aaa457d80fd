export interface Backlog {
  readonly entries: number;
  /** When the request that waits longest was accepted; undefined while nothing waits. */
  readonly oldestAt: Date | undefined;
}

/** How far the relay is behind. */
export abstract class OutboxBacklog {
  /** @throws DependencyUnavailableError */
  abstract measure(): Promise<Backlog>;
}
