import type { WalletsTable } from '../../adapters/persistence/sql/aggregates/wallets.js';
import type { SaveWallet } from './wallet-table.js';
import type { Moments } from './worst-moments.js';

/** What the transactions of every request of a trial have in common. */
export interface TrialTable {
  readonly table: WalletsTable;
  readonly save: SaveWallet;
  readonly moments: Moments;
}
