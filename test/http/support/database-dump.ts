import path from 'node:path';
import { expect } from 'chai';
import { QueryTypes, Sequelize } from 'sequelize';
import { eventually } from '../../../tools/servers/eventually.js';
import type { Env } from '../../support/backends.js';

/** Who relays the outbox until when: that changes by itself, not by requests. */
const LEASES = 'outbox_relays';

/** Every row of every table once the outbox is empty, read past the service. */
export async function dump(env: Env): Promise<Record<string, string[]>> {
  const sequelize = connect(env);
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
    await sequelize.close();
  }
}

function rowsOf(sequelize: Sequelize, table: string): Promise<object[]> {
  return sequelize.query(`SELECT * FROM ${table}`, { type: QueryTypes.SELECT });
}

function connect(env: Env): Sequelize {
  const url = env['DATABASE_URL'];
  if (url) return new Sequelize(url, { dialect: 'mysql', logging: false });
  const storage = path.join(String(env['DATA_DIR']), 'lockstep.sqlite');
  return new Sequelize({ dialect: 'sqlite', storage, logging: false });
}
