import { randomBytes } from 'node:crypto';
import { QueryTypes, type Sequelize } from 'sequelize';

/**
 * 32 bytes that belong to this database: every instance on it has the same, also after a restart.
 * Made when they are first asked for, once the installation has its id.
 */
export async function installationSecret(sequelize: Sequelize): Promise<Uint8Array> {
  const known = await find(sequelize);
  if (known) return Buffer.from(known, 'hex');
  // Of instances that start at the same time, one is first, and all read what it wrote.
  const update = 'UPDATE installation SET secret = ? WHERE only_row = 1 AND secret IS NULL';
  await sequelize.query(update, { replacements: [randomBytes(32).toString('hex')] });
  const made = await find(sequelize);
  if (!made) throw new Error('the installation has no row');
  return Buffer.from(made, 'hex');
}

async function find(sequelize: Sequelize): Promise<string | null | undefined> {
  const type = QueryTypes.SELECT;
  const query = 'SELECT secret FROM installation';
  const [row] = await sequelize.query<{ secret: string | null }>(query, { type });
  return row?.secret;
}
