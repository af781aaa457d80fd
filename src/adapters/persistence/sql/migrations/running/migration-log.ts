import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { MigrationParams, UmzugStorage } from 'umzug';

/** The names of the steps that a database has, in its table `migrations`. */
export class MigrationLog implements UmzugStorage {
  constructor(
    private readonly sequelize: Sequelize,
    private readonly transaction: Transaction | null,
  ) {}

  async executed(): Promise<string[]> {
    const { transaction } = this;
    await this.sequelize.query(
      'CREATE TABLE IF NOT EXISTS migrations (name VARCHAR(100) NOT NULL PRIMARY KEY)',
      { transaction },
    );
    return this.names();
  }

  async names(): Promise<string[]> {
    const { transaction } = this;
    const rows = await this.sequelize.query<{ name: string }>(
      'SELECT name FROM migrations ORDER BY name',
      { transaction, type: QueryTypes.SELECT },
    );
    return rows.map((row) => row.name);
  }

  async logMigration({ name }: Pick<MigrationParams<unknown>, 'name'>): Promise<void> {
    const { transaction } = this;
    await this.sequelize.query('INSERT INTO migrations (name) VALUES (?)', {
      transaction,
      replacements: [name],
    });
  }

  unlogMigration(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}
