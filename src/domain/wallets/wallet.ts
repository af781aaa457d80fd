import { DomainError } from '../errors.js';
import { MAX_POINTS } from './points.js';

export type EntryKind = 'CHARGE' | 'PAYMENT' | 'REFUND';

/** One line of a wallet's ledger; the sum of the amounts is the balance. */
export interface WalletEntry {
  readonly id: string;
  readonly userId: string;
  readonly kind: EntryKind;
  /** Points; negative when they leave the wallet. */
  readonly amount: number;
  /** Balance right after this entry. */
  readonly balance: number;
  /** The order that was paid or refunded; null for a charge. */
  readonly orderId: string | null;
  /**
   * Version of the wallet right after this entry. It gives the sequence of the ledger, also when
   * clocks differ.
   */
  readonly walletVersion: number;
  readonly createdAt: Date;
}

export interface WalletState {
  readonly userId: string;
  readonly balance: number;
  /** 0 until it is first saved; every save adds 1. */
  readonly version: number;
}

/** A change of a wallet, and the ledger entry that explains it. Both are saved together. */
export interface WalletMovement {
  readonly wallet: Wallet;
  readonly entry: WalletEntry;
}

/** A user's points. The balance is never negative and never passes MAX_POINTS. */
export class Wallet {
  private constructor(readonly state: WalletState) {}

  static open(userId: string): Wallet {
    return new Wallet({ userId, balance: 0, version: 0 });
  }

  static restore(state: WalletState): Wallet {
    return new Wallet(state);
  }

  /** @throws DomainError `wallet_limit_exceeded` */
  charge(amount: number, entryId: string, now: Date): WalletMovement {
    return this.move('CHARGE', amount, null, entryId, now);
  }

  /** @throws DomainError `insufficient_points` */
  pay(amount: number, orderId: string, entryId: string, now: Date): WalletMovement {
    if (amount > this.state.balance) {
      throw new DomainError('insufficient_points', 'The wallet does not hold enough points.', {
        required: amount,
        balance: this.state.balance,
      });
    }
    return this.move('PAYMENT', -amount, orderId, entryId, now);
  }

  /** @throws DomainError `wallet_limit_exceeded` */
  refund(amount: number, orderId: string, entryId: string, now: Date): WalletMovement {
    return this.move('REFUND', amount, orderId, entryId, now);
  }

  private move(
    kind: EntryKind,
    amount: number,
    orderId: string | null,
    id: string,
    createdAt: Date,
  ): WalletMovement {
    const { userId, balance, version } = this.state;
    // A subtraction, because the sum itself might not be exact.
    if (amount > MAX_POINTS - balance) {
      throw new DomainError('wallet_limit_exceeded', 'The wallet cannot hold that many points.', {
        limit: MAX_POINTS,
      });
    }
    const after = balance + amount;
    const walletVersion = version + 1;
    return {
      wallet: new Wallet({ ...this.state, balance: after }),
      entry: { id, userId, kind, amount, balance: after, orderId, walletVersion, createdAt },
    };
  }
}
