import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../../domain/ports/unit-of-work.js';
import { walletKey } from '../../../domain/resource-keys.js';
import type { Wallet, WalletMovement } from '../../../domain/wallets/wallet.js';

/** The owner of the only wallet. */
export const ALICE = 'alice';
export const WALLET = walletKey(ALICE);

/** The balance that every run starts with, and the amount of one charge or payment. */
export const OPENING = 100;
export const AMOUNT = 10;

/** Loads, asks the domain, saves: what the product's use case does between begin and commit. */
export async function charge(tx: Transaction, afterRead: () => void = () => {}): Promise<void> {
  const wallet = await tx.wallets.get(ALICE);
  afterRead();
  await tx.wallets.save(chargeOf(wallet));
}

/** One charge of a wallet that was read before. */
export function chargeOf(wallet: Wallet): WalletMovement {
  return wallet.charge(AMOUNT, randomUUID(), new Date());
}

export async function pay(tx: Transaction): Promise<void> {
  const wallet = await tx.wallets.get(ALICE);
  await tx.wallets.save(wallet.pay(AMOUNT, 'an order', randomUUID(), new Date()));
}
