/** Something that goes on until it is stopped. */
export interface Consuming {
  start(): void;
  stop(): Promise<void>;
}

/** Whatever this instance reads from Kafka; nothing without it, when the relays deliver themselves. */
export class QueueConsumers implements Consuming {
  constructor(private readonly consumers: readonly Consuming[]) {}

  start(): void {
    for (const consumer of this.consumers) consumer.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }
}
