import { createHash } from 'node:crypto';
import {
  DataTypes,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
} from 'sequelize';
import {
  type IdempotencyKey,
  type IdempotencyRecord,
  IdempotencyRecordExistsError,
  IdempotencyRecordRepository,
  IdempotencyRecords,
  type NewIdempotencyRecord,
  type Outcome,
} from '../../../../domain/idempotency/idempotency-records.js';
import { findRow, insertRows } from '../rows.js';
import { isDuplicate } from '../sql-failures.js';

export interface IdempotencyRecordRow {
  /** Digest of scope and key, because both have any length and an index needs a limit. */
  id: string;
  fingerprint: string;
  /** The outcome as JSON. */
  outcome: string;
  expiresAt: Date;
}

export type IdempotencyRecordsTable = ModelStatic<Model<IdempotencyRecordRow>>;

/** The table is named `answers` in the database; a migration would only rename it. */
export function defineIdempotencyRecords(sequelize: Sequelize): IdempotencyRecordsTable {
  return sequelize.define<Model<IdempotencyRecordRow>>('answers', {
    id: { type: DataTypes.CHAR(64), primaryKey: true },
    fingerprint: { type: DataTypes.CHAR(64), allowNull: false },
    outcome: { type: DataTypes.TEXT('medium'), allowNull: false },
    expiresAt: { type: DataTypes.DATE(3), allowNull: false },
  });
}

/** Primary key of a record: SHA-256, in hexadecimal, of the caller and the caller's key. */
function recordId({ scope, key }: IdempotencyKey): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, key]))
    .digest('hex');
}

export class SqlIdempotencyRecordRepository extends IdempotencyRecordRepository {
  constructor(
    private readonly records: IdempotencyRecordsTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async add(records: readonly NewIdempotencyRecord[]): Promise<void> {
    const rows = records.map(({ key, outcome, expiresAt }) => {
      const { fingerprint } = key;
      return { id: recordId(key), fingerprint, outcome: JSON.stringify(outcome), expiresAt };
    });
    try {
      await insertRows(this.records, rows, this.transaction);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const keys = records.map(({ key }) => key.key).join(', ');
      throw new IdempotencyRecordExistsError(`key ${keys} has a record`, { cause: error });
    }
  }
}

/** Most rows that one statement removes, so that it never holds many row locks. */
const PURGE_BATCH = 1000;

export class SqlIdempotencyRecords extends IdempotencyRecords {
  constructor(private readonly records: IdempotencyRecordsTable) {
    super();
  }

  override async find(key: IdempotencyKey, now: Date): Promise<IdempotencyRecord | undefined> {
    const id = recordId(key);
    const row = await findRow(this.records, 'id', id);
    if (!row) return undefined;
    if (row.expiresAt <= now) {
      await this.remove([id], now);
      return undefined;
    }
    const { fingerprint, outcome } = row;
    return { fingerprint, outcome: JSON.parse(outcome) as Outcome };
  }

  override async purge(now: Date): Promise<number> {
    let purged = 0;
    for (;;) {
      const batch = await this.purgeBatch(now);
      purged += batch;
      if (batch < PURGE_BATCH) return purged;
    }
  }

  private async purgeBatch(now: Date): Promise<number> {
    const where = { expiresAt: { [Op.lte]: now } };
    const rows = await this.records.findAll({ attributes: ['id'], where, limit: PURGE_BATCH });
    if (rows.length === 0) return 0;
    await this.remove(
      rows.map((row) => row.get('id') as string),
      now,
    );
    return rows.length;
  }

  /** Compares the time again: a client may have used a key again since its record was found. */
  private async remove(id: readonly string[], now: Date): Promise<void> {
    await this.records.destroy({ where: { id, expiresAt: { [Op.lte]: now } } });
  }
}
