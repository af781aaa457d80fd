import type { WalletsTable } from '../../../adapters/persistence/sql/aggregates/wallets.js';
import type { BeginSnapshot } from './snapshot-transactions.js';
import type { SaveWallet } from './wallet-table.js';
import type { PausePoints } from './worst-case-pauses.js';

/** What all requests of a run share: the table, how it is read and written, and the pauses. */
export interface WalletFixture {
  readonly table: WalletsTable;
  readonly begin: BeginSnapshot;
  readonly save: SaveWallet;
  readonly pauses: PausePoints;
}
