import type { Options, Sequelize } from 'sequelize';
import { defineTables, type Tables } from '../tables.js';
import { bindOutsideOfQuotes } from './statement-parameters.js';
import { type Pool, TranslatingSequelize } from './translating-sequelize.js';

/** The dialects' common settings: columns in snake_case, times in UTC, names as they are given. */
const COMMON: Options = {
  logging: false,
  define: { timestamps: false, underscored: true, freezeTableName: true },
  // Conflicts are retried by the unit of work, as a whole, never statement by statement.
  retry: { max: 1 },
};

/** A connected SQL database with its tables. */
export class SqlDatabase {
  readonly sequelize: Sequelize;
  readonly tables: Tables;

  constructor(
    options: Options,
    private readonly pool?: Pool,
  ) {
    this.sequelize = new TranslatingSequelize({ ...COMMON, ...options }, pool);
    bindOutsideOfQuotes(this.sequelize);
    this.tables = defineTables(this.sequelize);
  }

  async close(): Promise<void> {
    this.pool?.close();
    await this.sequelize.close();
  }
}
