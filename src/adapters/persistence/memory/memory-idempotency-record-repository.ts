import {
  type IdempotencyKey,
  IdempotencyRecordExistsError,
  type IdempotencyRecordRepository,
  type Outcome,
} from '../../../domain/idempotency/idempotency-records.js';
import { answerKey } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryIdempotencyRecordRepository
  extends MemoryRows
  implements IdempotencyRecordRepository
{
  async add(key: IdempotencyKey, outcome: Outcome, now: Date, expiresAt: Date): Promise<void> {
    const id = answerKey(key);
    const stored = { fingerprint: key.fingerprint, outcome, expiresAt };
    this.write(({ answers }) => {
      const earlier = answers.get(id);
      if (earlier && earlier.expiresAt > now)
        throw new IdempotencyRecordExistsError(`key ${key.key}`);
      answers.set(id, stored);
    });
  }
}
