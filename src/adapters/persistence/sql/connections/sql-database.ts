import type { Options, Sequelize } from 'sequelize';
import { defineTables, type Tables } from '../tables.js';
import { bindOutsideOfQuotes } from './statement-parameters.js';
import { type Pool, TranslatingSequelize } from './translating-sequelize.js';

/** Common settings of both dialects: columns in snake_case, times in UTC, names unchanged. */
const COMMON: Options = {
  logging: false,
  define: { timestamps: false, underscored: true, freezeTableName: true },
  // The unit of work retries a conflict as a whole, never a single statement.
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
