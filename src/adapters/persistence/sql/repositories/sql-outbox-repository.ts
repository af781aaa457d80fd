import type { Transaction } from 'sequelize';
import type { OrderMessage } from '../../../../domain/order-message.js';
import { OutboxRepository } from '../../../../domain/ports/order-outbox.js';
import type { OutboxTable } from '../tables/order-requests-tables.js';

export class SqlOutboxRepository extends OutboxRepository {
  constructor(
    private readonly outbox: OutboxTable,
    private readonly transaction: Transaction,
  ) {
    super();
  }

  override async add({ key, requestId }: OrderMessage): Promise<void> {
    const { transaction } = this;
    await this.outbox.create({ messageKey: key, requestId }, { transaction });
  }
}
