import path from 'node:path';
import { QueryTypes, Sequelize } from 'sequelize';
import type { Env } from '../../support/backends.js';

/** Every row of every table, read past the service. */
export async function dump(env: Env): Promise<Record<string, string[]>> {
  const sequelize = connect(env);
  try {
    const tables = (await sequelize.getQueryInterface().showAllTables()) as string[];
    const contents = tables.map(async (table): Promise<[string, string[]]> => {
      const rows = await sequelize.query(`SELECT * FROM ${table}`, { type: QueryTypes.SELECT });
      return [table, rows.map((row) => JSON.stringify(row)).sort()];
    });
    return Object.fromEntries(await Promise.all(contents));
  } finally {
    await sequelize.close();
  }
}

function connect(env: Env): Sequelize {
  const url = env['DATABASE_URL'];
  if (url) return new Sequelize(url, { dialect: 'mysql', logging: false });
  const storage = path.join(String(env['DATA_DIR']), 'lockstep.sqlite');
  return new Sequelize({ dialect: 'sqlite', storage, logging: false });
}
