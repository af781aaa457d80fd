import type { Duty } from './duty.js';

/** Duties, inside a transaction. */
export abstract class DutyRepository {
  /** A duty that nobody ever took is vacant. */
  abstract get(name: string): Promise<Duty>;

  /**
   * @returns the duty with its new version
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(duty: Duty): Promise<Duty>;
}
