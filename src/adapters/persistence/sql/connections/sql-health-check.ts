import { HealthCheck } from '../../../../domain/ports/health-check.js';

interface Writable {
  assertWritable(): Promise<void>;
}

/** Whether the database would take a write. */
export class SqlHealthCheck extends HealthCheck {
  override readonly dependency = 'database';
  override readonly required = true;

  constructor(private readonly transactions: Writable) {
    super();
  }

  override async check(): Promise<void> {
    await this.transactions.assertWritable();
  }
}
