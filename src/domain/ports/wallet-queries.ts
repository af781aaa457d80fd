import type { WalletEntry, WalletState } from '../wallet.js';
import type { Page, PageRequest } from './page.js';

/** Reads of wallets, without lock or transaction. */
export abstract class WalletQueries {
  /** A user who never charged has balance 0 and version 0. */
  abstract get(userId: string): Promise<WalletState>;

  /** Newest first. */
  abstract entries(userId: string, page: PageRequest): Promise<Page<WalletEntry>>;
}
