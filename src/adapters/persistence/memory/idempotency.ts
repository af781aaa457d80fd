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
  async add({ key, outcome, now, expiresAt }: NewIdempotencyRecord): Promise<void> {
    const id = idempotencyRecordKey(key);
    const stored = { fingerprint: key.fingerprint, outcome, expiresAt };
    this.write(({ idempotencyRecords }) => {
      const earlier = idempotencyRecords.get(id);
      if (earlier && earlier.expiresAt > now)
        throw new IdempotencyRecordExistsError(`key ${key.key} has a record`);
      idempotencyRecords.set(id, stored);
    });
  }

  async addMany(records: readonly NewIdempotencyRecord[]): Promise<void> {
    for (const record of records) await this.add(record);
  }
}

export class MemoryIdempotencyRecords extends IdempotencyRecords {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async find(key: IdempotencyKey, now: Date): Promise<IdempotencyRecord | undefined> {
    const stored = this.database.tables.idempotencyRecords.get(idempotencyRecordKey(key));
    return stored && stored.expiresAt > now ? stored : undefined;
  }

  override async purge(now: Date): Promise<number> {
    const { idempotencyRecords } = this.database.tables;
    const expired = [...idempotencyRecords].filter(([, record]) => record.expiresAt <= now);
    for (const [key] of expired) idempotencyRecords.delete(key);
    return expired.length;
  }
}
