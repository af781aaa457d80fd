import { z } from 'zod';
import { Id, Instant, Points, pageOf, Version } from './primitives.js';

export const WalletBody = z
  .object({ userId: z.string(), balance: Points, version: Version })
  .meta({ id: 'Wallet' });

const WalletEntryBody = z
  .object({
    id: Id,
    userId: z.string(),
    kind: z.enum(['CHARGE', 'PAYMENT', 'REFUND']),
    amount: z.int().meta({ description: 'Negative for a payment' }),
    balance: Points.meta({ description: 'Points in the wallet after this entry' }),
    orderId: Id.nullable(),
    walletVersion: Version.meta({
      description: "The wallet's version after this entry; the ledger is sorted by it",
    }),
    createdAt: Instant,
  })
  .meta({ id: 'WalletEntry' });

export const WalletEntryPage = pageOf(WalletEntryBody).meta({ id: 'WalletEntryPage' });

export const ChargeBody = z
  .strictObject({ amount: z.int().min(1).max(1_000_000_000) })
  .meta({ id: 'Charge' });

export const ChargedBody = z
  .object({ wallet: WalletBody, entry: WalletEntryBody })
  .meta({ id: 'Charged' });
