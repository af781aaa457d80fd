import { randomBytes } from 'node:crypto';
import { SqlProductQueries } from '../../../adapters/persistence/sql/aggregates/products.js';
import { SqlTransactions } from '../../../adapters/persistence/sql/sql-transactions.js';
import type { Servers } from '../../experiment.js';
import { openDatabase } from '../open-database.js';
import { removeKeysAtEnd } from '../open-lock.js';
import type { FreshnessOutcome, RunReport } from '../run-report.js';
import { Timeline } from '../timeline.js';
import { AnswerRecord } from './answer-record.js';
import { defineCatalogueTable, OLD_PRICE, teaAt } from './catalogue-table.js';
import type { MakeCache } from './make-cache.js';
import { BOUND_MS } from './product-cache.js';
import { type Database, ShopInstance } from './shop-instance.js';

const CONNECTIONS = 10;

/** Names of a run on the servers. */
export interface CacheRunNames {
  readonly table: string;
  readonly prefix: string;
}

/**
 * One run of a cache scenario: a table with one product, names in Redis under a prefix, and the
 * timeline. Disposing it removes all of it from the servers.
 */
export class CacheRun implements AsyncDisposable {
  readonly timeline = new Timeline();
  readonly record = new AnswerRecord(BOUND_MS);
  #queriesBefore = 0;
  readonly #instances: ShopInstance[] = [];

  private constructor(
    readonly servers: Servers,
    readonly names: CacheRunNames,
    private readonly database: Database,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async open(servers: Servers): Promise<CacheRun> {
    await using opened = new AsyncDisposableStack();
    const id = randomBytes(6).toString('hex');
    const names = { table: `experiment_products_${id}`, prefix: `experiment:${id}:` };
    await removeKeysAtEnd(servers.redisUrl, names.prefix, opened);
    const { table, ...database } = openCatalogue(servers.databaseUrl, names.table, opened);
    await table.sync();
    opened.defer(() => table.drop());
    await table.create(teaAt(OLD_PRICE));
    return new CacheRun(servers, names, database, opened.move());
  }

  /** Starts an instance with a cache made by `makeCache`. */
  async instance(
    name: string,
    makeCache: MakeCache,
    note = this.timeline.noteFor(name),
  ): Promise<ShopInstance> {
    const { servers, names, resources } = this;
    const place = { redisUrl: servers.redisUrl, prefix: names.prefix, name, note, resources };
    const instance = new ShopInstance(this.database, await makeCache(place), this.record, note);
    this.#instances.push(instance);
    return instance;
  }

  report(variant: string): RunReport<FreshnessOutcome> {
    const outcome = this.record.outcome(this.#queries - this.#queriesBefore);
    return { variant, timeline: this.timeline.events, outcome };
  }

  /** Sets the counts to zero. */
  restartCounting(): void {
    this.record.restartCounting();
    this.#queriesBefore = this.#queries;
  }

  get #queries(): number {
    return this.#instances.reduce((sum, { queries }) => sum + queries.count, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync();
  }
}

/** Opens the product's queries and transactions on the table of the run. */
export function openCatalogue(url: string, name: string, resources: AsyncDisposableStack) {
  const database = openDatabase(url, CONNECTIONS, resources);
  const table = defineCatalogueTable(database.sequelize, name);
  const tables = { ...database.tables, products: table };
  return {
    table,
    queries: new SqlProductQueries(table),
    transactions: new SqlTransactions({ ...database, tables, close: () => database.close() }),
  };
}
