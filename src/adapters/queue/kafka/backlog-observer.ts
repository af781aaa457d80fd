export interface KafkaFigures {
  /** Messages that a partition holds and its consumer has not settled, by partition. */
  readonly lag: ReadonlyMap<number, number>;
  readonly deadLetters: number;
}

/** What waits in the queue. */
export abstract class QueueBacklog {
  abstract measure(): Promise<KafkaFigures>;
}
