import { randomBytes } from 'node:crypto';
import { SqlProductQueries } from '../../../adapters/persistence/sql/aggregates/products.js';
import { SqlTransactions } from '../../../adapters/persistence/sql/sql-transactions.js';
import type { Servers } from '../../experiment.js';
import { openDatabase } from '../open-database.js';
import { forgetKeysAtEnd } from '../open-lock.js';
import { Timeline } from '../timeline.js';
import type { FreshnessOutcome, TrialReport } from '../trial-report.js';
import { AnswerRecord } from './answer-record.js';
import { defineCatalogueTable, OLD_PRICE, teaAt } from './catalogue-table.js';
import type { MakeCache } from './make-cache.js';
import { BOUND_MS } from './product-cache.js';
import { type Database, ShopInstance } from './shop-instance.js';

const CONNECTIONS = 10;

/** What a cache trial is called on the servers. */
export interface CacheTrialNames {
  readonly table: string;
  readonly prefix: string;
}

/**
 * One run of a cache scenario: a table with one product, names in Redis under a prefix, and the
 * timeline. Disposing it removes all of it from the servers.
 */
export class CacheTrial implements AsyncDisposable {
  readonly timeline = new Timeline();
  readonly record = new AnswerRecord(BOUND_MS);
  #queriesBefore = 0;
  readonly #instances: ShopInstance[] = [];

  private constructor(
    readonly servers: Servers,
    readonly names: CacheTrialNames,
    private readonly database: Database,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async open(servers: Servers): Promise<CacheTrial> {
    await using building = new AsyncDisposableStack();
    const id = randomBytes(6).toString('hex');
    const names = { table: `experiment_products_${id}`, prefix: `experiment:${id}:` };
    await forgetKeysAtEnd(servers.redisUrl, names.prefix, building);
    const { table, ...database } = openCatalogue(servers.databaseUrl, names.table, building);
    await table.sync();
    building.defer(() => table.drop());
    await table.create(teaAt(OLD_PRICE));
    return new CacheTrial(servers, names, database, building.move());
  }

  /** Starts an instance with a cache of its own kind. */
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

  report(variant: string): TrialReport<FreshnessOutcome> {
    const outcome = this.record.outcome(this.#queries - this.#queriesBefore);
    return { variant, timeline: this.timeline.events, outcome };
  }

  /** Counts from now on only. */
  beginAnew(): void {
    this.record.beginAnew();
    this.#queriesBefore = this.#queries;
  }

  get #queries(): number {
    return this.#instances.reduce((sum, { queries }) => sum + queries.count, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.resources.disposeAsync();
  }
}

/** The trial's table in the place of the product's. */
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
