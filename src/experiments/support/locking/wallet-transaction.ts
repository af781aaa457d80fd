import type { OpenTransaction } from '../../../domain/ports/transaction-port.js';
import type { Note } from '../timeline.js';
import type { SnapshotTransaction } from './snapshot-transactions.js';
import { TimelineWallets } from './timeline-wallets.js';
import type { WalletFixture } from './wallet-fixture.js';

/** A transaction that has wallets and no other repository. */
export class WalletTransaction implements OpenTransaction {
  readonly wallets: TimelineWallets;

  constructor(
    private readonly fixture: WalletFixture,
    private readonly transaction: SnapshotTransaction,
    private readonly note: Note,
    private readonly ended: () => void,
  ) {
    this.wallets = new TimelineWallets(fixture, transaction, note);
  }

  get products(): never {
    return absent('products');
  }

  get likes(): never {
    return absent('likes');
  }

  get stocks(): never {
    return absent('stocks');
  }

  get orders(): never {
    return absent('orders');
  }

  get orderRequests(): never {
    return absent('order requests');
  }

  get outbox(): never {
    return absent('outbox');
  }

  get payments(): never {
    return absent('payments');
  }

  get cardPayments(): never {
    return absent('card payments');
  }

  get rankings(): never {
    return absent('rankings');
  }

  get reservations(): never {
    return absent('reservations');
  }

  get sweeperLeases(): never {
    return absent('sweeper leases');
  }

  get idempotencyRecords(): never {
    return absent('idempotency records');
  }

  async commit(): Promise<void> {
    await this.fixture.pauses.beforeCommit();
    this.ended();
    await this.transaction.commit();
    this.note('committed');
  }

  async rollback(): Promise<void> {
    this.ended();
    await this.transaction.rollback();
    this.note('rolled back');
  }
}

function absent(repository: string): never {
  throw new Error(`the experiments have no ${repository}`);
}
