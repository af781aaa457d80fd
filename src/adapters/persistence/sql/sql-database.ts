import { type Options, Sequelize } from 'sequelize';
import { translateSqlError } from './sql-failures.js';
import { defineTables, type Tables } from './tables/tables.js';

/** A Sequelize whose every statement fails with the errors that the ports promise. */
class TranslatingSequelize extends Sequelize {
  // The many overloads of `query` differ in their result alone, which passes through untouched.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  override async query(...args: any[]): Promise<any> {
    try {
      return await (super.query as (...args: unknown[]) => Promise<unknown>)(...args);
    } catch (error) {
      throw translateSqlError(error);
    }
  }
}

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

  constructor(options: Options) {
    this.sequelize = new TranslatingSequelize({ ...COMMON, ...options });
    this.tables = defineTables(this.sequelize);
  }

  async close(): Promise<void> {
    await this.sequelize.close();
  }
}
