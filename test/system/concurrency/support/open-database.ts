import { Sequelize } from 'sequelize';
import type { Env } from '../../../support/backends.js';

/** A direct connection to the database of the instances. */
export function openDatabase(env: Env): AsyncDisposable & { readonly sequelize: Sequelize } {
  const options = { dialect: 'mysql', logging: false, timezone: '+00:00' } as const;
  const sequelize = new Sequelize(String(env['DATABASE_URL']), options);
  return { sequelize, [Symbol.asyncDispose]: () => sequelize.close() };
}
