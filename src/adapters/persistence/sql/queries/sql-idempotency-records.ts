import { Op } from 'sequelize';
import {
  type IdempotencyKey,
  type IdempotencyRecord,
  IdempotencyRecords,
  type Outcome,
} from '../../../../domain/idempotency/idempotency-records.js';
import { answerId } from '../repositories/answer-id.js';
import type { AnswersTable } from '../tables/answers-table.js';

/** One statement removes at most this many, so that it never holds many row locks. */
const PURGE_BATCH = 1000;

export class SqlIdempotencyRecords extends IdempotencyRecords {
  constructor(private readonly answers: AnswersTable) {
    super();
  }

  override async find(key: IdempotencyKey, now: Date): Promise<IdempotencyRecord | undefined> {
    const row = await this.answers.findOne({
      where: { id: answerId(key), expiresAt: { [Op.gt]: now } },
    });
    if (!row) return undefined;
    const { fingerprint, outcome } = row.get();
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
    const expired = { expiresAt: { [Op.lte]: now } };
    const rows = await this.answers.findAll({
      attributes: ['id'],
      where: expired,
      limit: PURGE_BATCH,
    });
    if (rows.length === 0) return 0;
    const id = rows.map((row) => row.get('id') as string);
    // Compared again: a key may have been used anew since it was found.
    await this.answers.destroy({ where: { id, ...expired } });
    return rows.length;
  }
}
