import { SqlOrderQueries } from '../../../src/adapters/persistence/sql/aggregates/orders.js';
import { SqlProductQueries } from '../../../src/adapters/persistence/sql/aggregates/products.js';
import { SqlRankingQueries } from '../../../src/adapters/persistence/sql/aggregates/rankings.js';
import { SqlSalesQueries } from '../../../src/adapters/persistence/sql/aggregates/sales.js';
import { SqlStockQueries } from '../../../src/adapters/persistence/sql/aggregates/stocks.js';
import { SqlWalletQueries } from '../../../src/adapters/persistence/sql/aggregates/wallets.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { POPULARITY_WINDOWS, RANKED, spanOf } from '../../../src/domain/popularity/popularity.js';
import { categoryOf, type Dataset, idOf, userOf } from '../dataset/dataset.js';
import type { Read } from './read.js';

const PAGE = { limit: 20 };
const SHOWN = 10;

/** All reads of the service, each with the decision whether and how it is cached. */
export function readsOf({ sequelize, tables }: SqlDatabase, data: Dataset): Read[] {
  const products = new SqlProductQueries(tables.products);
  const stocks = new SqlStockQueries(tables.stocks);
  const sales = new SqlSalesQueries(sequelize, tables);
  const rankings = new SqlRankingQueries(tables.rankings);
  const wallets = new SqlWalletQueries(tables.wallets, tables.walletEntries);
  const orders = new SqlOrderQueries(tables);
  const product = idOf('product', Math.floor(data.products / 2));
  const user = userOf(1);
  return [
    {
      name: 'product',
      ...{ cached: true, strategy: 'read-through; a change is written through; revalidation' },
      why: 'cheap, but read most often, the same for all clients, and rarely changed',
      ask: () => products.get(product),
    },
    {
      name: 'page of products',
      ...{ cached: true, strategy: 'cache-aside of the whole answer; revalidation' },
      why: 'public and the same for all clients; large, so it is serialised once instead of for each request',
      ask: () => products.list(PAGE),
    },
    {
      name: 'page of a category',
      ...{ cached: true, strategy: 'cache-aside of the whole answer; revalidation' },
      why: 'as the page of products; invalidated with each product that it shows, and with the list of products',
      ask: () => products.list(PAGE, categoryOf(3)),
    },
    {
      name: 'stock',
      ...{ cached: false, strategy: 'none' },
      why: 'changes with every order, so it would be invalidated as often as it is read',
      ask: () => stocks.get(product),
    },
    ...POPULARITY_WINDOWS.map((window) => ({
      name: `popular items of ${window}, by SQL`,
      ...{
        cached: true,
        strategy: 'scheduled refresh; each sale is counted in a bucket of its time',
      },
      why: 'its cost grows with the sales of the window, and no client needs it newer than the last refresh',
      ask: () => sales.top(spanOf(window, new Date()), RANKED),
    })),
    {
      name: 'popular items as served',
      ...{ cached: true, strategy: 'the stored ranking; its products read-through' },
      why: 'its cost does not grow: one row, and ten products that are in the cache anyway',
      ask: async () => {
        await rankings.find('7d');
        const shown = Array.from({ length: SHOWN }, (_, at) => products.get(idOf('product', at)));
        await Promise.all(shown);
      },
    },
    {
      name: 'wallet',
      ...{ cached: false, strategy: 'none; private, no-store' },
      why: 'private, one row by its key, and must be exact',
      ask: () => wallets.get(user),
    },
    {
      name: 'wallet ledger',
      ...{ cached: false, strategy: 'none; private, no-store' },
      why: 'private, rarely read twice, and found by an index',
      ask: () => wallets.entries(user, PAGE),
    },
    {
      name: 'own orders',
      ...{ cached: false, strategy: 'none; private, no-store' },
      why: 'private, and its only reader changes it between two reads',
      ask: () => orders.list(user, PAGE),
    },
    {
      name: 'order',
      ...{ cached: false, strategy: 'none; private, no-store' },
      why: 'private, two rows by key, and read to see the latest change',
      ask: () => orders.get(idOf('order', Math.floor(data.orders / 2))),
    },
  ];
}
