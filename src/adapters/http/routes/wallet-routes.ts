import type { ChargeWallet } from '../../../application/wallets/charge-wallet.js';
import { USER_ID } from '../../../domain/user-id.js';
import type { WalletQueries } from '../../../domain/wallets/ports.js';
import type { Cursors } from '../requests/cursor.js';
import { HttpProblem } from '../responses/problem.js';
import { type AnyRoute, route } from '../route.js';
import { PageQuery } from '../schemas/primitives.js';
import { ChargeBody, ChargedBody, WalletBody, WalletEntryPage } from '../schemas/wallet-schemas.js';

export interface WalletUseCases {
  readonly cursors: Cursors;
  readonly wallets: WalletQueries;
  readonly chargeWallet: ChargeWallet;
}

export function walletRoutes(use: WalletUseCases): AnyRoute[] {
  return [
    route({
      method: 'get',
      path: '/v1/wallets/me',
      access: 'user',
      summary: 'Read your own wallet',
      success: { status: 200, description: 'The wallet', body: WalletBody },
      handle: async ({ caller }) => ({ body: await use.wallets.get(caller.userId) }),
    }),
    route({
      method: 'post',
      path: '/v1/wallets/me/charges',
      access: 'user',
      summary: 'Charge your wallet with points',
      body: ChargeBody,
      success: { status: 201, description: 'The wallet and its new entry', body: ChargedBody },
      refusals: ['wallet_limit_exceeded'],
      handle: async ({ caller, body, scope }) => ({
        body: await use.chargeWallet.execute(caller.userId, body.amount, scope),
      }),
    }),
    route({
      method: 'get',
      path: '/v1/wallets/me/entries',
      access: 'user',
      summary: 'Read the ledger of your wallet, newest first',
      query: PageQuery,
      success: { status: 200, description: 'A page of entries', body: WalletEntryPage },
      handle: async ({ caller, query }) => {
        const page = use.cursors.page(['entries'], query);
        return { body: page.body(await use.wallets.entries(caller.userId, page.request)) };
      },
    }),
    route({
      method: 'get',
      path: '/v1/wallets/{userId}',
      access: 'user',
      summary: "Read a user's wallet; allowed for its owner and for admins",
      success: { status: 200, description: 'The wallet', body: WalletBody },
      refusals: ['not_found'],
      handle: async ({ caller, id }) => {
        const mayRead = caller.role === 'admin' || caller.userId === id;
        if (!mayRead || !USER_ID.test(id)) {
          throw new HttpProblem('not_found', 'The wallet does not exist.');
        }
        return { body: await use.wallets.get(id) };
      },
    }),
  ];
}
