import type { Page, PageRequest } from '../../../domain/ports/page.js';
import { Wallet, type WalletEntry, type WalletState } from '../../../domain/wallets/wallet.js';
import { WalletQueries } from '../../../domain/wallets/wallet-queries.js';
import type { MemoryDatabase } from './memory-database.js';
import { pageOf } from './page-of.js';

export class MemoryWalletQueries extends WalletQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(userId: string): Promise<WalletState> {
    return this.database.tables.wallets.get(userId) ?? Wallet.open(userId).state;
  }

  override async entries(userId: string, page: PageRequest): Promise<Page<WalletEntry>> {
    const entries = this.database.tables.walletEntries.values();
    const own = [...entries].filter((entry) => entry.userId === userId);
    return pageOf(own.sort(newestFirst), page);
  }
}

function newestFirst(a: WalletEntry, b: WalletEntry): number {
  return b.walletVersion - a.walletVersion;
}
