import type { Page, PageRequest } from '../ports/page.js';
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

/** Reads of wallets, without lock or transaction. */
export abstract class WalletQueries {
  /** A user who never charged has balance 0 and version 0. */
  abstract get(userId: string): Promise<WalletState>;

  /** Newest first: the balance of each entry follows from that of the one behind it. */
  abstract entries(userId: string, page: PageRequest): Promise<Page<WalletEntry>>;
}
