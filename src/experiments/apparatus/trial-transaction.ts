import type { Transaction as SqlTransaction } from 'sequelize';
import type { OpenTransaction } from '../../domain/ports/transaction-port.js';
import type { Note } from './timeline.js';
import type { TrialTable } from './trial-table.js';
import { TrialWallets } from './trial-wallets.js';

/** A transaction in which there are wallets and nothing else. */
export class TrialTransaction implements OpenTransaction {
  readonly wallets: TrialWallets;

  constructor(
    private readonly trial: TrialTable,
    private readonly transaction: SqlTransaction,
    private readonly note: Note,
    private readonly ended: () => void,
  ) {
    this.wallets = new TrialWallets(trial, transaction, note);
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
    await this.trial.moments.beforeCommit();
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
