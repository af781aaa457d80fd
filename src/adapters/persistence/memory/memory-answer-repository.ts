import {
  AnswerExistsError,
  type AnswerRepository,
  type IdempotencyKey,
  type Outcome,
} from '../../../domain/idempotency/answer-repository.js';
import { answerKey } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryAnswerRepository extends MemoryRows implements AnswerRepository {
  async add(key: IdempotencyKey, outcome: Outcome, now: Date, expiresAt: Date): Promise<void> {
    const id = answerKey(key);
    const stored = { fingerprint: key.fingerprint, outcome, expiresAt };
    this.write(({ answers }) => {
      const earlier = answers.get(id);
      if (earlier && earlier.expiresAt > now) throw new AnswerExistsError(`key ${key.key}`);
      answers.set(id, stored);
    });
  }
}
