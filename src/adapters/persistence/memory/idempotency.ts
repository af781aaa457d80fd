import {
  type IdempotencyKey,
  type IdempotencyRecord,
  IdempotencyRecordExistsError,
  type IdempotencyRecordRepository,
  IdempotencyRecords,
  type NewIdempotencyRecord,
} from '../../../domain/idempotency/idempotency-records.js';
import { idempotencyRecordKey, type MemoryDatabase, MemoryRows } from './memory-database.js';

export class MemoryIdempotencyRecordRepository
  extends MemoryRows
  implements IdempotencyRecordRepository
{
  async add(records: readonly NewIdempotencyRecord[]): Promise<void> {
    this.write(({ idempotencyRecords }) => {
      for (const { key, outcome, expiresAt } of records) {
        const id = idempotencyRecordKey(key);
        if (idempotencyRecords.has(id)) {
          throw new IdempotencyRecordExistsError(`key ${key.key} has a record`);
        }
        idempotencyRecords.set(id, { fingerprint: key.fingerprint, outcome, expiresAt });
      }
    });
  }
}

export class MemoryIdempotencyRecords extends IdempotencyRecords {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async find(key: IdempotencyKey, now: Date): Promise<IdempotencyRecord | undefined> {
    const { idempotencyRecords } = this.database.tables;
    const id = idempotencyRecordKey(key);
    const stored = idempotencyRecords.get(id);
    if (!stored || stored.expiresAt > now) return stored;
    idempotencyRecords.delete(id);
    return undefined;
  }

  override async purge(now: Date): Promise<number> {
    const { idempotencyRecords } = this.database.tables;
    const expired = [...idempotencyRecords].filter(([, record]) => record.expiresAt <= now);
    for (const [key] of expired) idempotencyRecords.delete(key);
    return expired.length;
  }
}
