import type { Clock } from '../../domain/ports/clock.js';
import type { IdGenerator } from '../../domain/ports/id-generator.js';
import type { RequestScope, UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { walletKey } from '../../domain/resource-keys.js';
import type { WalletEntry, WalletState } from '../../domain/wallets/wallet.js';

export interface WalletCharge {
  readonly wallet: WalletState;
  readonly entry: WalletEntry;
}

/** Adds points to the wallet of a user. */
export class ChargeWallet {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ids: IdGenerator,
    private readonly clock: Clock,
  ) {}

  execute(userId: string, amount: number, scope: RequestScope = {}): Promise<WalletCharge> {
    return this.unitOfWork.run(
      { ...scope, locks: [walletKey(userId)], batch: { wallets: [userId] } },
      async (tx) => {
        const wallet = await tx.wallets.get(userId);
        const movement = wallet.charge(amount, this.ids.next(), this.clock.now());
        const saved = await tx.wallets.save(movement);
        return { wallet: saved.state, entry: movement.entry };
      },
    );
  }
}
