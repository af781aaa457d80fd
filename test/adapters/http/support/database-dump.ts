import path from 'node:path';
import { expect } from 'chai';
import { QueryTypes, Sequelize } from 'sequelize';
import { openSqlite } from '../../../../src/adapters/persistence/sql/sqlite/sqlite-database.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { Env } from '../../../support/backends.js';

/** The lease of the outbox relay changes by itself, without a request. */
const LEASES = 'outbox_relays';

/** Every row of every table, after the outbox is empty. Read directly from the database. */
export async function dump(env: Env): Promise<Record<string, string[]>> {
  const { sequelize, close } = await connect(env);
  try {
    await eventually(async () => expect(await rowsOf(sequelize, 'outbox')).to.deep.equal([]));
    const tables = (await sequelize.getQueryInterface().showAllTables()) as string[];
    const lasting = tables.filter((table) => table !== LEASES);
    const contents = lasting.map(async (table): Promise<[string, string[]]> => {
      const rows = await rowsOf(sequelize, table);
      return [table, rows.map((row) => JSON.stringify(row)).sort()];
    });
    return Object.fromEntries(await Promise.all(contents));
  } finally {
    await close();
  }
}

function rowsOf(sequelize: Sequelize, table: string): Promise<object[]> {
  return sequelize.query(`SELECT * FROM ${table}`, { type: QueryTypes.SELECT });
}

async function connect(env: Env) {
  const url = env['DATABASE_URL'];
  if (url) {
    const sequelize = new Sequelize(url, { dialect: 'mysql', logging: false });
    return { sequelize, close: () => sequelize.close() };
  }
  const file = path.join(String(env['DATA_DIR']), 'lockstep.sqlite');
  const database = await openSqlite({ file, busyMs: 5_000 });
  return { sequelize: database.sequelize, close: () => database.close() };
}
