import { Op, type Transaction } from 'sequelize';
import {
  type IdempotencyKey,
  IdempotencyRecordExistsError,
  IdempotencyRecordRepository,
  type Outcome,
} from '../../../../domain/idempotency/idempotency-records.js';
import { isDuplicate } from '../sql-failures.js';
import type { AnswerRow, AnswersTable } from '../tables/answers-table.js';
import { answerId } from './answer-id.js';

export class SqlIdempotencyRecordRepository extends IdempotencyRecordRepository {
  constructor(
    private readonly answers: AnswersTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async add(
    key: IdempotencyKey,
    outcome: Outcome,
    now: Date,
    expiresAt: Date,
  ): Promise<void> {
    const id = answerId(key);
    const row = { id, fingerprint: key.fingerprint, outcome: JSON.stringify(outcome), expiresAt };
    try {
      await this.insert(row);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      if (!(await this.removeExpired(id, now))) {
        throw new IdempotencyRecordExistsError(`key ${key.key} has an answer`, { cause: error });
      }
      await this.insert(row);
    }
  }

  private async insert(row: AnswerRow): Promise<void> {
    await this.answers.create(row, { transaction: this.transaction });
  }

  private async removeExpired(id: string, now: Date): Promise<boolean> {
    const where = { id, expiresAt: { [Op.lte]: now } };
    return (await this.answers.destroy({ where, transaction: this.transaction })) > 0;
  }
}
