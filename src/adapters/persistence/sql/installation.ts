import { randomBytes, randomUUID } from 'node:crypto';
import { QueryTypes, type Sequelize } from 'sequelize';

/**
 * Returns the id of this database, which the first call makes. Data about this database in other
 * systems, such as a shared Redis, is stored under this id.
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
 * Returns 32 secret bytes of this database, which the first call makes. Every instance on the
 * database has the same bytes, also after a restart. The installation must have its id before.
 */
export async function installationSecret(sequelize: Sequelize): Promise<Uint8Array> {
  const known = await findSecret(sequelize);
  if (known) return Buffer.from(known, 'hex');
  // Several instances may start at the same time. The first one writes, and all read what it wrote.
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
