import { Op, type Transaction } from 'sequelize';
import {
  AnswerExistsError,
  AnswerRepository,
  type IdempotencyKey,
  type Outcome,
} from '../../../../domain/ports/answer-repository.js';
import { answerId } from '../answer-id.js';
import { isDuplicate } from '../sql-failures.js';
import type { AnswersTable } from '../tables/answers-table.js';

export class SqlAnswerRepository extends AnswerRepository {
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
    const { transaction } = this;
    const id = answerId(key);
    await this.answers.destroy({ where: { id, expiresAt: { [Op.lte]: now } }, transaction });
    try {
      await this.answers.create(
        { id, fingerprint: key.fingerprint, outcome: JSON.stringify(outcome), expiresAt },
        { transaction },
      );
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new AnswerExistsError(`key ${key.key} has an answer`, { cause: error });
    }
  }
}
