import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import { WalletQueries, type WalletRepository } from '../../../domain/wallets/ports.js';
import {
  Wallet,
  type WalletEntry,
  type WalletMovement,
  type WalletState,
} from '../../../domain/wallets/wallet.js';
import { type MemoryDatabase, MemoryRows, pageOf, putVersioned } from './memory-database.js';

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
