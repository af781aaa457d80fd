import type { Sequelize } from 'sequelize';
import { HealthCheck } from '../../../domain/ports/health-check.js';

export class SqlHealthCheck extends HealthCheck {
  override readonly dependency = 'database';
  override readonly required = true;

  constructor(private readonly sequelize: Sequelize) {
    super();
  }

  override async check(): Promise<void> {
    await this.sequelize.query('SELECT 1');
  }
}
