import type { OrderMessage } from '../../../domain/order-message.js';
import type { OutboxRepository } from '../../../domain/ports/order-outbox.js';
import { MemoryRows } from './memory-rows.js';

let last = 0;

export class MemoryOutboxRepository extends MemoryRows implements OutboxRepository {
  async add(message: OrderMessage): Promise<void> {
    const sequence = ++last;
    this.write(({ outbox }) => outbox.set(sequence, { ...message, sequence }));
  }
}
