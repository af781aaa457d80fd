import type { Sequelize } from 'sequelize';
import { type AnswersTable, defineAnswers } from './answers-table.js';
import { type CardPaymentsTable, defineCardPayments } from './card-payments-table.js';
import { type DutiesTable, defineDuties } from './duties-table.js';
import { defineLikes, type LikesTable } from './likes-table.js';
import { defineOrderRequests, type OrderRequestsTable } from './order-requests-table.js';
import {
  defineOrderItems,
  defineOrders,
  type OrderItemsTable,
  type OrdersTable,
} from './orders-table.js';
import {
  defineOutbox,
  defineOutboxRelays,
  type OutboxRelaysTable,
  type OutboxTable,
} from './outbox-tables.js';
import { definePayments, type PaymentsTable } from './payments-table.js';
import { defineProducts, type ProductsTable } from './products-table.js';
import { defineRankings, type RankingsTable } from './rankings-table.js';
import { defineReservations, type ReservationsTable } from './reservations-table.js';
import { defineStocks, type StocksTable } from './stocks-table.js';
import {
  defineWalletEntries,
  defineWallets,
  type WalletEntriesTable,
  type WalletsTable,
} from './wallets-table.js';

/** Every table of the service, bound to one database. */
export interface Tables {
  readonly products: ProductsTable;
  readonly likes: LikesTable;
  readonly stocks: StocksTable;
  readonly wallets: WalletsTable;
  readonly walletEntries: WalletEntriesTable;
  readonly orders: OrdersTable;
  readonly orderItems: OrderItemsTable;
  readonly orderRequests: OrderRequestsTable;
  readonly outbox: OutboxTable;
  readonly outboxRelays: OutboxRelaysTable;
  readonly payments: PaymentsTable;
  readonly cardPayments: CardPaymentsTable;
  readonly rankings: RankingsTable;
  readonly reservations: ReservationsTable;
  readonly duties: DutiesTable;
  readonly answers: AnswersTable;
}

export function defineTables(sequelize: Sequelize): Tables {
  return {
    products: defineProducts(sequelize),
    likes: defineLikes(sequelize),
    stocks: defineStocks(sequelize),
    wallets: defineWallets(sequelize),
    walletEntries: defineWalletEntries(sequelize),
    orders: defineOrders(sequelize),
    orderItems: defineOrderItems(sequelize),
    orderRequests: defineOrderRequests(sequelize),
    outbox: defineOutbox(sequelize),
    outboxRelays: defineOutboxRelays(sequelize),
    payments: definePayments(sequelize),
    cardPayments: defineCardPayments(sequelize),
    rankings: defineRankings(sequelize),
    reservations: defineReservations(sequelize),
    duties: defineDuties(sequelize),
    answers: defineAnswers(sequelize),
  };
}
