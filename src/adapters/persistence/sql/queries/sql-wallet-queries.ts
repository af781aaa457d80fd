import type { Page, PageRequest } from '../../../../domain/ports/page.js';
import { WalletQueries } from '../../../../domain/ports/wallet-queries.js';
import { Wallet, type WalletEntry, type WalletState } from '../../../../domain/wallet.js';
import type { WalletEntriesTable, WalletsTable } from '../tables/wallets-table.js';
import { pageById } from './page-by-id.js';

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
    return pageById(page, 'DESC', async ({ where, ...rest }) => {
      const rows = await this.walletEntries.findAll({ where: { userId, ...where }, ...rest });
      // The CHECK constraint admits no other kind.
      return rows.map((row) => row.get() as WalletEntry);
    });
  }
}
