import { pino } from 'pino';
import { SqlOutboxQueries } from '../../../src/adapters/persistence/sql/aggregates/outbox.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { findInstallationId } from '../../../src/adapters/persistence/sql/installation.js';
import { connectDatabase } from '../../../src/config/database/connect-database.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import type { OutboxChannel } from '../../../src/domain/events/outbox.js';
import type { Env } from '../../support/backends.js';

/** The tables of the shop, read without the service. */
export class TablesView implements AsyncDisposable {
  private constructor(
    private readonly database: SqlDatabase,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async open(env: Env): Promise<TablesView> {
    const resources = new AsyncDisposableStack();
    const silent = pino({ level: 'silent' });
    const { database } = await connectDatabase(readSettings({ ...env }), resources, silent);
    return new TablesView(database, resources);
  }

  async installationId(): Promise<string> {
    return (await findInstallationId(this.database.sequelize)) ?? '';
  }

  /** At most 2,000. */
  async outboxSize(channel: OutboxChannel): Promise<number> {
    return (await new SqlOutboxQueries(this.database.tables.outbox).next(channel, 2_000)).length;
  }

  /** Whether the message of this order request waits in the outbox. */
  async holds(requestId: string): Promise<boolean> {
    const waiting = await new SqlOutboxQueries(this.database.tables.outbox).next('orders', 2_000);
    return waiting.some(({ message }) => message.requestId === requestId);
  }

  openRequests(): Promise<number> {
    return this.database.tables.orderRequests.count({ where: { status: 'QUEUED' } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync();
  }
}
