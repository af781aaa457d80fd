import type { Page, PageRequest } from '../ports/page.js';
import type { WalletEntry, WalletState } from './wallet.js';

/** Reads of wallets, without lock or transaction. */
export abstract class WalletQueries {
  /** A user who never charged has balance 0 and version 0. */
  abstract get(userId: string): Promise<WalletState>;

  /** Newest first: the balance of each entry follows from that of the one behind it. */
  abstract entries(userId: string, page: PageRequest): Promise<Page<WalletEntry>>;
}
