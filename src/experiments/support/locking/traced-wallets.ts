import { WalletRepository } from '../../../domain/wallets/ports.js';
import { Wallet, type WalletMovement } from '../../../domain/wallets/wallet.js';
import type { Note } from '../timeline.js';
import type { SnapshotTransaction } from './snapshot-transactions.js';
import type { WalletFixture } from './wallet-fixture.js';

/** The wallets of one transaction, without a ledger. */
export class TracedWallets extends WalletRepository {
  constructor(
    private readonly fixture: WalletFixture,
    private readonly transaction: SnapshotTransaction,
    private readonly note: Note,
  ) {
    super();
  }

  override async get(userId: string): Promise<Wallet> {
    const { table, pauses } = this.fixture;
    const row = await table.findByPk(userId, { transaction: this.transaction.reads });
    if (!row) throw new Error(`${userId} has no wallet`);
    this.note('read', row.get().balance);
    await pauses.afterRead();
    return Wallet.restore(row.get());
  }

  override async save({ wallet }: WalletMovement): Promise<Wallet> {
    const { state } = wallet;
    await this.fixture.save(this.fixture.table, state, await this.transaction.writes());
    this.note('written', state.balance);
    return Wallet.restore({ ...state, version: state.version + 1 });
  }
}
