import { type OrderState, orderNotFound } from '../../../domain/order.js';
import {
  type Answer,
  AnswerLog,
  type IdempotencyKey,
} from '../../../domain/ports/answer-repository.js';
import { OrderQueries } from '../../../domain/ports/order-queries.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import { ProductQueries } from '../../../domain/ports/product-queries.js';
import { StockQueries } from '../../../domain/ports/stock-queries.js';
import { WalletQueries } from '../../../domain/ports/wallet-queries.js';
import { type ProductState, productNotFound } from '../../../domain/product.js';
import type { StockState } from '../../../domain/stock.js';
import { Wallet, type WalletEntry, type WalletState } from '../../../domain/wallet.js';
import { answerKey, type MemoryDatabase } from './memory-database.js';
import { byId, pageOf } from './page-of.js';

export class MemoryProductQueries extends ProductQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(id: string): Promise<ProductState> {
    const state = this.database.tables.products.get(id);
    if (!state) throw productNotFound(id);
    return state;
  }

  override async list(page: PageRequest, category?: string): Promise<Page<ProductState>> {
    const all = [...this.database.tables.products.values()].sort(byId);
    return pageOf(
      all.filter((product) => category === undefined || product.category === category),
      page,
    );
  }
}

export class MemoryStockQueries extends StockQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(productId: string): Promise<StockState> {
    const state = this.database.tables.stocks.get(productId);
    if (!state) throw productNotFound(productId);
    return state;
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
    const all = [...this.database.tables.walletEntries.values()].sort(byId).reverse();
    return pageOf(
      all.filter((entry) => entry.userId === userId),
      page,
    );
  }
}

export class MemoryOrderQueries extends OrderQueries {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async get(id: string): Promise<OrderState> {
    const state = this.database.tables.orders.get(id);
    if (!state) throw orderNotFound(id);
    return state;
  }

  override async list(userId: string, page: PageRequest): Promise<Page<OrderState>> {
    const all = [...this.database.tables.orders.values()].sort(byId).reverse();
    return pageOf(
      all.filter((order) => order.userId === userId),
      page,
    );
  }
}

export class MemoryAnswerLog extends AnswerLog {
  constructor(private readonly database: MemoryDatabase) {
    super();
  }

  override async find(key: IdempotencyKey, now: Date): Promise<Answer | undefined> {
    const stored = this.database.tables.answers.get(answerKey(key));
    return stored && stored.expiresAt > now ? stored : undefined;
  }

  override async purge(now: Date): Promise<number> {
    const { answers } = this.database.tables;
    const expired = [...answers].filter(([, answer]) => answer.expiresAt <= now);
    for (const [key] of expired) answers.delete(key);
    return expired.length;
  }
}
