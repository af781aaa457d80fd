import { SqlProductQueries } from '../../../adapters/persistence/sql/aggregates/products.js';
import type { SqlDatabase } from '../../../adapters/persistence/sql/connections/sql-database.js';
import { SqlTransactions } from '../../../adapters/persistence/sql/sql-transactions.js';
import { SqliteTransactions } from '../../../adapters/persistence/sql/sqlite/sqlite-transactions.js';
import { type Backend, type ExperimentOptions, isEmbedded } from '../../experiment.js';
import { openDatabase } from '../open-database.js';
import { openEmbeddedDatabase } from '../open-embedded-database.js';
import { removeKeysAtEnd } from '../open-lock.js';
import { newRunName } from '../run-name.js';
import type { FreshnessOutcome, RunReport } from '../run-report.js';
import { sharedClock, Timeline } from '../timeline.js';
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
  readonly record = new AnswerRecord(BOUND_MS);
  #queriesBefore = 0;
  readonly #instances: ShopInstance[] = [];

  private constructor(
    readonly backend: Backend,
    readonly names: CacheRunNames,
    private readonly database: Database,
    readonly timeline: Timeline,
    private readonly resources: AsyncDisposableStack,
  ) {}

  static async open(backend: Backend, { onStep }: ExperimentOptions = {}): Promise<CacheRun> {
    await using opened = new AsyncDisposableStack();
    const id = newRunName();
    const names = { table: `experiment_products_${id}`, prefix: `experiment:${id}:` };
    if (!isEmbedded(backend)) await removeKeysAtEnd(backend.redisUrl, names.prefix, opened);
    const { table, ...database } = isEmbedded(backend)
      ? await openEmbeddedCatalogue(backend.folder, names.table, opened)
      : openCatalogue(backend.databaseUrl, names.table, opened);
    await table.sync();
    opened.defer(() => table.drop());
    await table.create(teaAt(OLD_PRICE));
    const timeline = new Timeline(sharedClock, onStep);
    return new CacheRun(backend, names, database, timeline, opened.move());
  }

  /** Starts an instance with a cache made by `makeCache`. */
  async instance(
    name: string,
    makeCache: MakeCache,
    note = this.timeline.noteFor(name),
  ): Promise<ShopInstance> {
    const { backend, names, resources } = this;
    const cache = await makeCache({ backend, prefix: names.prefix, name, note, resources });
    const instance = new ShopInstance(this.database, cache, this.record, note);
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
  return catalogueIn(openDatabase(url, CONNECTIONS, resources), name);
}

/** The same in a SQLite file, where one transaction at a time may write. */
async function openEmbeddedCatalogue(
  folder: string,
  name: string,
  resources: AsyncDisposableStack,
) {
  const catalogue = catalogueIn(await openEmbeddedDatabase(folder, resources), name);
  return { ...catalogue, transactions: new SqliteTransactions(catalogue.transactions) };
}

function catalogueIn(database: SqlDatabase, name: string) {
  const table = defineCatalogueTable(database.sequelize, name);
  const tables = { ...database.tables, products: table };
  return {
    table,
    queries: new SqlProductQueries(table),
    transactions: new SqlTransactions({ ...database, tables, close: () => database.close() }),
  };
}
