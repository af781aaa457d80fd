import {
  type AcquireOptions,
  type Lease,
  LockPort,
} from '../../../../src/domain/ports/lock-port.js';
import type { Replacement } from '../../../../src/domain/ports/replacement.js';
import {
  type OpenTransaction,
  TransactionPort,
} from '../../../../src/domain/ports/transaction-port.js';
import { WalletBatchRepository } from '../../../../src/domain/wallets/ports.js';
import {
  Wallet,
  type WalletEntry,
  type WalletMovement,
  type WalletState,
} from '../../../../src/domain/wallets/wallet.js';
import { NoopLock } from '../../../support/doubles/noop-lock.js';

/**
 * Faults that the fuzz run must find: a lock that admits everybody, or guards that are off (the
 * lease check and the comparison of versions).
 */
export type Plant = 'free-lock' | 'no-guards';

export function plantedLock(inner: LockPort, plants: readonly Plant[]): LockPort {
  return plants.includes('free-lock') ? new NoopLock() : inner;
}

/** Leases whose check never fails. */
export class UncheckedLock extends LockPort {
  constructor(private readonly inner: LockPort) {
    super();
  }

  override async acquire(keys: readonly string[], options?: AcquireOptions): Promise<Lease> {
    const lease = await this.inner.acquire(keys, options);
    const release = () => lease.release();
    const { token, signal } = lease;
    const held = { keys, token, signal, assertHeld: () => {}, release };
    const rows = lease.unguardedKeys && { unguardedKeys: lease.unguardedKeys };
    return { ...held, ...rows, [Symbol.asyncDispose]: release };
  }
}

/** Transactions that write a wallet even if it was changed since it was read. */
export class UnguardedTransactions extends TransactionPort {
  constructor(private readonly inner: TransactionPort) {
    super();
  }

  override async begin(rowKeys?: readonly string[]): Promise<OpenTransaction> {
    const tx = await this.inner.begin(rowKeys);
    return { ...tx, wallets: new UnguardedWallets(tx.wallets) };
  }
}

class UnguardedWallets extends WalletBatchRepository {
  constructor(private readonly inner: WalletBatchRepository) {
    super();
  }

  override get(userId: string): Promise<Wallet> {
    return this.inner.get(userId);
  }

  override async save({ wallet, entry }: WalletMovement): Promise<Wallet> {
    const { state } = await this.inner.get(entry.userId);
    const forced = Wallet.restore({ ...wallet.state, version: state.version });
    const next = { ...entry, walletVersion: state.version + 1 };
    return this.inner.save({ wallet: forced, entry: next });
  }

  override getMany(userIds: readonly string[]): Promise<Wallet[]> {
    return this.inner.getMany(userIds);
  }

  override async moveMany(
    wallets: readonly Replacement<WalletState>[],
    entries: readonly WalletEntry[],
  ): Promise<void> {
    for (const { state, readVersion } of wallets) {
      const { version } = (await this.inner.get(state.userId)).state;
      const ahead = version - readVersion;
      const forced = { state: { ...state, version: state.version + ahead }, readVersion: version };
      const own = entries.filter(({ userId }) => userId === state.userId);
      const moved = own.map((entry) => ({ ...entry, walletVersion: entry.walletVersion + ahead }));
      await this.inner.moveMany([forced], moved);
    }
  }
}
