import { Op } from 'sequelize';
import {
  type Answer,
  AnswerLog,
  type IdempotencyKey,
  type Outcome,
} from '../../../../domain/ports/answer-repository.js';
import { answerId } from '../answer-id.js';
import type { AnswersTable } from '../tables/answers-table.js';

/** A purge removes at most this many, so that it never holds many row locks. */
const PURGE_BATCH = 1000;

export class SqlAnswerLog extends AnswerLog {
  constructor(private readonly answers: AnswersTable) {
    super();
  }

  override async find(key: IdempotencyKey, now: Date): Promise<Answer | undefined> {
    const row = await this.answers.findOne({
      where: { id: answerId(key), expiresAt: { [Op.gt]: now } },
    });
    if (!row) return undefined;
    const { fingerprint, outcome } = row.get();
    return { fingerprint, outcome: JSON.parse(outcome) as Outcome };
  }

  override async purge(now: Date): Promise<number> {
    const rows = await this.answers.findAll({
      attributes: ['id'],
      where: { expiresAt: { [Op.lte]: now } },
      limit: PURGE_BATCH,
    });
    return this.answers.destroy({ where: { id: rows.map((row) => row.get('id') as string) } });
  }
}
