import type { Page, PageRequest } from '../../../../domain/ports/page.js';
import { Wallet, type WalletEntry, type WalletState } from '../../../../domain/wallets/wallet.js';
import { WalletQueries } from '../../../../domain/wallets/wallet-queries.js';
import type { WalletEntriesTable, WalletsTable } from '../tables/wallets-table.js';
import { pageInOrder } from './page-in-order.js';

export class SqlWalletQueries extends WalletQueries {
  constructor(
    private readonly wallets: WalletsTable,
    private readonly walletEntries: WalletEntriesTable,
  ) {
    super();
  }

  override async get(userId: string): Promise<WalletState> {
    const row = await this.wallets.findByPk(userId);
    return row ? row.get() : Wallet.open(userId).state;
  }

  override async entries(userId: string, page: PageRequest): Promise<Page<WalletEntry>> {
    const table = this.walletEntries;
    const newestFirst = { table, column: 'wallet_version', direction: 'DESC' } as const;
    return pageInOrder(page, newestFirst, async ({ where, ...rest }) => {
      const rows = await this.walletEntries.findAll({ where: { userId, ...where }, ...rest });
      // The CHECK constraint admits no other kind.
      return rows.map((row) => row.get() as WalletEntry);
    });
  }
}
