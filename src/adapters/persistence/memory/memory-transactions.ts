import { type OpenTransaction, TransactionPort } from '../../../domain/ports/transaction-port.js';
import { MemoryCardPaymentRepository } from './memory-card-payment-repository.js';
import type { MemoryDatabase } from './memory-database.js';
import { MemoryIdempotencyRecordRepository } from './memory-idempotency-record-repository.js';
import { MemoryLikeRepository } from './memory-like-repository.js';
import { MemoryOrderRepository } from './memory-order-repository.js';
import { MemoryOrderRequestRepository } from './memory-order-request-repository.js';
import { MemoryOutboxRepository } from './memory-outbox-repository.js';
import { MemoryPaymentRepository } from './memory-payment-repository.js';
import { MemoryProductRepository } from './memory-product-repository.js';
import { MemoryReservationRepository } from './memory-reservation-repository.js';
import type { Write } from './memory-rows.js';
import { MemoryStockRepository } from './memory-stock-repository.js';
import { MemorySweeperLeaseRepository } from './memory-sweeper-lease-repository.js';
import { MemoryWalletRepository } from './memory-wallet-repository.js';

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
      reservations: new MemoryReservationRepository(copy, write),
      duties: new MemorySweeperLeaseRepository(copy, write),
      answers: new MemoryIdempotencyRecordRepository(copy, write),
      commit: async () => this.commit(writes),
      rollback: async () => {},
    });
  }

  private commit(writes: readonly Write[]): void {
    const rehearsal = this.database.snapshot();
    for (const write of writes) write(rehearsal);
    // Nothing awaits between the rehearsal and here, so what held there holds here.
    for (const write of writes) write(this.database.tables);
  }
}
