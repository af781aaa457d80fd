import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import { Wallet, type WalletMovement } from '../../../domain/wallets/wallet.js';
import type { WalletRepository } from '../../../domain/wallets/wallet-repository.js';
import { putVersioned } from './memory-database.js';
import { MemoryRows } from './memory-rows.js';

export class MemoryWalletRepository extends MemoryRows implements WalletRepository {
  async get(userId: string): Promise<Wallet> {
    const state = this.tables.wallets.get(userId);
    return state ? Wallet.restore(state) : Wallet.open(userId);
  }

  async save({ wallet, entry }: WalletMovement): Promise<Wallet> {
    const { userId } = wallet.state;
    this.write(({ wallets, walletEntries }) => {
      const isTwin = (e: typeof entry) => e.orderId === entry.orderId && e.kind === entry.kind;
      if (entry.orderId !== null && [...walletEntries.values()].some(isTwin)) {
        throw new ConcurrentUpdateError(`wallet ${userId} has changed`);
      }
      putVersioned(wallets, userId, wallet.state);
      walletEntries.set(entry.id, entry);
    });
    return this.get(userId);
  }
}
