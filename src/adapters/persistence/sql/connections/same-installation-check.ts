import type { Sequelize } from 'sequelize';
import { HealthCheck } from '../../../../domain/ports/health-check.js';
import { findInstallationId } from '../installation.js';

/**
 * Checks that the database is still the one on which this instance started. After a restore it has
 * another id. Then the names that this instance uses in Redis belong to the state before the restore.
 */
export class SameInstallationCheck extends HealthCheck {
  override readonly dependency = 'database';
  override readonly required = true;

  constructor(
    private readonly sequelize: Sequelize,
    /** The id at the start of this instance. */
    private readonly id: string,
  ) {
    super();
  }

  /** @throws Error the database was restored: this instance must be restarted */
  override async check(): Promise<void> {
    const id = await findInstallationId(this.sequelize);
    if (id === this.id) return;
    throw new Error('the database was restored since this instance started: restart the instance');
  }
}
