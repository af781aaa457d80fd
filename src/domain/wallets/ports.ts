import type { Page, PageRequest } from '../ports/page.js';
import type { Replacement } from '../ports/replacement.js';
import type { Wallet, WalletEntry, WalletMovement, WalletState } from './wallet.js';

/** Wallets with their ledgers, inside a transaction. */
export abstract class WalletRepository {
  /** A user who never charged has an empty wallet of version 0. */
  abstract get(userId: string): Promise<Wallet>;

  /**
   * Saves the balance and appends the ledger entry.
   * @returns the wallet with its new version
   * @throws ConcurrentUpdateError it was changed since it was read
   */
  abstract save(movement: WalletMovement): Promise<Wallet>;
}

/** Wallets as the write buffer of a batch reads and writes them: many by one statement. */
export abstract class WalletBatchRepository extends WalletRepository {
  /** In no particular order. A user who never charged is left out. */
  abstract getMany(userIds: readonly string[]): Promise<Wallet[]>;

  /**
   * Saves wallets that were moved once or several times since they were read, and appends all ledger
   * entries, by one statement for each table.
   *
   * @throws ConcurrentUpdateError one of them was changed since it was read
   */
  abstract moveMany(
    wallets: readonly Replacement<WalletState>[],
    entries: readonly WalletEntry[],
  ): Promise<void>;
}

/** Reads of wallets, without lock or transaction. */
export abstract class WalletQueries {
  /** A user who never charged has balance 0 and version 0. */
  abstract get(userId: string): Promise<WalletState>;

  /**
   * Newest first. The balance of each entry follows from the balance of the next entry in the list.
   */
  abstract entries(userId: string, page: PageRequest): Promise<Page<WalletEntry>>;
}
