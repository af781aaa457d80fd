import {
  type IdempotencyKey,
  type IdempotencyRecord,
  IdempotencyRecords,
} from '../../../domain/idempotency/idempotency-records.js';
import { answerKey, type MemoryDatabase } from './memory-database.js';

export class MemoryIdempotencyRecords extends IdempotencyRecords {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async find(key: IdempotencyKey, now: Date): Promise<IdempotencyRecord | undefined> {
    const stored = this.database.tables.answers.get(answerKey(key));
    return stored && stored.expiresAt > now ? stored : undefined;
  }

  override async purge(now: Date): Promise<number> {
    const { answers } = this.database.tables;
    const expired = [...answers].filter(([, answer]) => answer.expiresAt <= now);
    for (const [key] of expired) answers.delete(key);
    return expired.length;
  }
}
