import type { Wallet, WalletMovement } from './wallet.js';

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
