import { HealthCheck } from '../../../../domain/ports/health-check.js';

interface Writable {
  assertWritable(): Promise<void>;
}

/** Checks whether the database takes writes. */
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
