import { type OpenTransaction, TransactionPort } from '../../../domain/ports/transaction-port.js';
import { MemoryCardPaymentRepository } from './card-payments.js';
import { MemoryLikeRepository, MemoryProductRepository } from './catalogue.js';
import { MemoryIdempotencyRecordRepository } from './idempotency.js';
import type { MemoryDatabase, Write } from './memory-database.js';
import { MemoryOrderRequestRepository } from './order-requests.js';
import { MemoryOrderRepository } from './orders.js';
import { MemoryOutboxRepository } from './outbox.js';
import { MemoryPaymentRepository } from './payments.js';
import { MemoryRankingRepository } from './rankings.js';
import { MemoryReservationRepository } from './reservations.js';
import { MemoryStockRepository } from './stock.js';
import { MemorySweeperLeaseRepository } from './sweeper-leases.js';
import { MemoryWalletRepository } from './wallets.js';

/** Transactions on a MemoryDatabase. */
export class MemoryTransactions extends TransactionPort {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override begin(): Promise<OpenTransaction> {
    const copy = this.database.snapshot();
    const writes: Write[] = [];
    const write = (change: Write) => {
      change(copy);
      writes.push(change);
    };
    return Promise.resolve({
      products: new MemoryProductRepository(copy, write),
      likes: new MemoryLikeRepository(copy, write),
      stocks: new MemoryStockRepository(copy, write),
      wallets: new MemoryWalletRepository(copy, write),
      orders: new MemoryOrderRepository(copy, write),
      orderRequests: new MemoryOrderRequestRepository(copy, write),
      outbox: new MemoryOutboxRepository(copy, write),
      payments: new MemoryPaymentRepository(copy, write),
      cardPayments: new MemoryCardPaymentRepository(copy, write),
      rankings: new MemoryRankingRepository(copy, write),
      reservations: new MemoryReservationRepository(copy, write),
      sweeperLeases: new MemorySweeperLeaseRepository(copy, write),
      idempotencyRecords: new MemoryIdempotencyRecordRepository(copy, write),
      commit: async () => this.#commit(writes),
      rollback: async () => {},
    });
  }

  #commit(writes: readonly Write[]): void {
    const rehearsal = this.database.snapshot();
    for (const write of writes) write(rehearsal);
    // Nothing is awaited after the rehearsal, so a write that succeeded there succeeds here too.
    for (const write of writes) write(this.database.tables);
  }
}
