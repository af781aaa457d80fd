import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import type { Replacement } from '../../../domain/ports/replacement.js';
import { type WalletBatchRepository, WalletQueries } from '../../../domain/wallets/ports.js';
import {
  Wallet,
  type WalletEntry,
  type WalletMovement,
  type WalletState,
} from '../../../domain/wallets/wallet.js';
import {
  type MemoryDatabase,
  MemoryRows,
  pageOf,
  putVersioned,
  replaceVersioned,
} from './memory-database.js';

export class MemoryWalletRepository extends MemoryRows implements WalletBatchRepository {
  async get(userId: string): Promise<Wallet> {
    const state = this.tables.wallets.get(userId);
    return state ? Wallet.restore(state) : Wallet.open(userId);
  }

  async save({ wallet, entry }: WalletMovement): Promise<Wallet> {
    const { userId } = wallet.state;
    this.write(({ wallets, walletEntries }) => {
      putVersioned(wallets, userId, wallet.state);
      append(walletEntries, entry);
    });
    return this.get(userId);
  }

  async getMany(userIds: readonly string[]): Promise<Wallet[]> {
    const states = [...new Set(userIds)].flatMap((id) => this.tables.wallets.get(id) ?? []);
    return states.map((state) => Wallet.restore(state));
  }

  async moveMany(
    moved: readonly Replacement<WalletState>[],
    entries: readonly WalletEntry[],
  ): Promise<void> {
    this.write(({ wallets, walletEntries }) => {
      for (const each of moved) replaceVersioned(wallets, each.state.userId, each);
      for (const entry of entries) append(walletEntries, entry);
    });
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

/** @throws ConcurrentUpdateError the order has an entry of this kind */
function append(entries: Map<string, WalletEntry>, entry: WalletEntry): void {
  const isTwin = (e: WalletEntry) => e.orderId === entry.orderId && e.kind === entry.kind;
  if (entry.orderId !== null && [...entries.values()].some(isTwin)) {
    throw new ConcurrentUpdateError(`wallet ${entry.userId} has changed`);
  }
  entries.set(entry.id, entry);
}

function newestFirst(a: WalletEntry, b: WalletEntry): number {
  return b.walletVersion - a.walletVersion;
}
