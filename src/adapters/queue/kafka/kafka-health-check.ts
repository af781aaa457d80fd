import { Admin } from '@platformatic/kafka';
import { HealthCheck } from '../../../domain/ports/health-check.js';
import { clientOptions, type KafkaSettings } from './kafka-settings.js';

/** Kafka is not required: while it is down, order requests are accepted and settled later. */
export class KafkaHealthCheck extends HealthCheck {
  override readonly dependency = 'kafka';
  override readonly required = false;
  readonly #admin: Admin;

  constructor(settings: KafkaSettings) {
    super();
    this.#admin = new Admin({ ...clientOptions(settings), retries: 0, timeout: 2_000 });
    this.#admin.on('error', () => {});
  }

  override async check(): Promise<void> {
    await this.#admin.listTopics();
  }

  async close(): Promise<void> {
    await this.#admin.close();
  }
}
