import type { Replacement } from '../../../domain/ports/replacement.js';
import { WalletBatchRepository } from '../../../domain/wallets/ports.js';
import { Wallet, type WalletMovement, type WalletState } from '../../../domain/wallets/wallet.js';
import type { Note } from '../timeline.js';
import type { SnapshotTransaction } from './snapshot-transactions.js';
import type { WalletFixture } from './wallet-fixture.js';

/** The wallets of one transaction, without a ledger. */
export class TimelineWallets extends WalletBatchRepository {
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

  override getMany(userIds: readonly string[]): Promise<Wallet[]> {
    return Promise.all(userIds.map((id) => this.get(id)));
  }

  override async moveMany(wallets: readonly Replacement<WalletState>[]): Promise<void> {
    const writes = await this.transaction.writes();
    for (const { state, readVersion } of wallets) {
      await this.fixture.save(this.fixture.table, { ...state, version: readVersion }, writes);
      this.note('written', state.balance);
    }
  }
}
