import type { Clock } from '../../domain/ports/clock.js';
import type { OrderOutbox } from '../../domain/ports/order-outbox.js';
import type { OrderQueue } from '../../domain/ports/order-queue.js';

const BATCH = 200;

/**
 * Hands the outbox over to the queue, for all instances. A message leaves the outbox only once the
 * queue has it for good, so none is lost wherever this dies; it may be handed over twice.
 */
export class RelayOrders {
  constructor(
    private readonly outbox: OrderOutbox,
    private readonly queue: OrderQueue,
    private readonly clock: Clock,
    /** This process and no other. */
    private readonly relay: string,
    /** After this a relay that died is followed by another. */
    private readonly leaseMs: number,
  ) {}

  /** Answers how many it handed over; none while another relay is at work. */
  async execute(stopped?: AbortSignal): Promise<number> {
    const isEmpty = (await this.outbox.next(1)).length === 0;
    if (isEmpty || !(await this.claim())) return 0;
    try {
      return await this.handOverAll(stopped);
    } finally {
      // A lease left behind ends by itself, so the outcome stands whether or not this succeeds.
      await this.outbox.release(this.relay, this.clock.now()).catch(() => {});
    }
  }

  private claim(): Promise<boolean> {
    return this.outbox.claim(this.relay, this.clock.now(), this.leaseMs);
  }

  private async handOverAll(stopped?: AbortSignal): Promise<number> {
    let relayed = 0;
    do {
      const entries = await this.outbox.next(BATCH);
      if (entries.length === 0) break;
      await this.queue.publish(entries, stopped);
      await this.outbox.remove(entries);
      relayed += entries.length;
    } while (!stopped?.aborted && (await this.claim()));
    return relayed;
  }
}
