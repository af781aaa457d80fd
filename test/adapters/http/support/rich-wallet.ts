import { UnitOfWork } from '../../../../src/domain/ports/unit-of-work.js';
import { Wallet } from '../../../../src/domain/wallets/wallet.js';
import type { TestService } from '../../../support/test-service.js';

/** A wallet with more points than charges over HTTP could reach in a reasonable time. */
export async function openRichWallet(
  { service }: TestService,
  userId: string,
  balance: number,
): Promise<void> {
  await service.container.get(UnitOfWork).run({ locks: [`wallet:${userId}`] }, async (tx) => {
    const id = '01938f2e-8c3a-7b6e-9d1a-2f4c5e6a7b8c'.replace(/.{8}$/, randomEnd());
    await tx.wallets.save(Wallet.open(userId).charge(balance, id, new Date()));
  });
}

function randomEnd(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}
