import { OrderOutbox, type OutboxEntry } from '../../../domain/ports/order-outbox.js';
import type { MemoryDatabase } from './memory-database.js';

export class MemoryOrderOutbox extends OrderOutbox {
  private lease = { relay: '', until: new Date(0) };

  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async claim(relay: string, now: Date, leaseMs: number): Promise<boolean> {
    if (this.lease.relay !== relay && this.lease.until > now) return false;
    this.lease = { relay, until: new Date(now.getTime() + leaseMs) };
    return true;
  }

  override async release(relay: string, now: Date): Promise<void> {
    if (this.lease.relay === relay) this.lease = { relay, until: now };
  }

  override async next(limit: number): Promise<OutboxEntry[]> {
    const entries = [...this.database.tables.outbox.values()];
    return entries.sort((a, b) => a.sequence - b.sequence).slice(0, limit);
  }

  override async remove(entries: readonly OutboxEntry[]): Promise<void> {
    for (const { sequence } of entries) this.database.tables.outbox.delete(sequence);
  }
}
