import type { Sequelize } from 'sequelize';
import { defineCardPayments } from './aggregates/card-payments.js';
import { defineIdempotencyRecords } from './aggregates/idempotency.js';
import { defineLikes } from './aggregates/likes.js';
import { defineOrderRequests } from './aggregates/order-requests.js';
import { defineOrderItems, defineOrders } from './aggregates/orders.js';
import { defineOutbox, defineOutboxRelays } from './aggregates/outbox.js';
import { definePayments } from './aggregates/payments.js';
import { defineProducts } from './aggregates/products.js';
import { defineRankings } from './aggregates/rankings.js';
import { defineReservations } from './aggregates/reservations.js';
import { defineStocks } from './aggregates/stocks.js';
import { defineSweeperLeases } from './aggregates/sweeper-leases.js';
import { defineWalletEntries, defineWallets } from './aggregates/wallets.js';

/** The list of all tables, bound to one database. The type `Tables` follows from it. */
export function defineTables(sequelize: Sequelize) {
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
    sweeperLeases: defineSweeperLeases(sequelize),
    idempotencyRecords: defineIdempotencyRecords(sequelize),
  };
}

export type Tables = Readonly<ReturnType<typeof defineTables>>;
