import { randomBytes, randomUUID } from 'node:crypto';
import { QueryTypes, type Sequelize } from 'sequelize';

/**
 * The id of this database, made when it is first asked for. What is kept of the database
 * elsewhere, as in a Redis that others use too, is kept under this name.
 */
export async function installationId(sequelize: Sequelize): Promise<string> {
  const known = await findId(sequelize);
  if (known) return known;
  const insert = 'INSERT INTO installation (only_row, id) VALUES (1, ?)';
  const failure = await sequelize.query(insert, { replacements: [randomUUID()] }).then(
    () => undefined,
    (error: unknown) => error,
  );
  // Another instance that starts at the same time may have been first.
  const id = await findId(sequelize);
  if (!id) throw failure;
  return id;
}

async function findId(sequelize: Sequelize): Promise<string | undefined> {
  const type = QueryTypes.SELECT;
  const [row] = await sequelize.query<{ id: string }>('SELECT id FROM installation', { type });
  return row?.id;
}

/**
 * 32 bytes that belong to this database: every instance on it has the same, also after a restart.
 * Made when they are first asked for, once the installation has its id.
 */
export async function installationSecret(sequelize: Sequelize): Promise<Uint8Array> {
  const known = await findSecret(sequelize);
  if (known) return Buffer.from(known, 'hex');
  // Of instances that start at the same time, one is first, and all read what it wrote.
  const update = 'UPDATE installation SET secret = ? WHERE only_row = 1 AND secret IS NULL';
  await sequelize.query(update, { replacements: [randomBytes(32).toString('hex')] });
  const made = await findSecret(sequelize);
  if (!made) throw new Error('the installation has no row');
  return Buffer.from(made, 'hex');
}

async function findSecret(sequelize: Sequelize): Promise<string | null | undefined> {
  const type = QueryTypes.SELECT;
  const query = 'SELECT secret FROM installation';
  const [row] = await sequelize.query<{ secret: string | null }>(query, { type });
  return row?.secret;
}
