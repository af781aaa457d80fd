import { randomBytes, randomUUID } from 'node:crypto';
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';

/**
 * Returns the id of this database, which the first call makes. Data about this database in other
 * systems, such as a shared Redis, is stored under this id.
 */
export async function installationId(sequelize: Sequelize): Promise<string> {
  const known = await findInstallationId(sequelize);
  if (known) return known;
  const insert = 'INSERT INTO installation (only_row, id) VALUES (1, ?)';
  const failure = await sequelize.query(insert, { replacements: [randomUUID()] }).then(
    () => undefined,
    (error: unknown) => error,
  );
  // Another instance that starts at the same time may have been first.
  const id = await findInstallationId(sequelize);
  if (!id) throw failure;
  return id;
}

/** Undefined: no instance has used this database yet. */
export async function findInstallationId(
  sequelize: Sequelize,
  transaction?: Transaction,
): Promise<string | undefined> {
  const [row] = await sequelize.query<{ id: string }>('SELECT id FROM installation', {
    type: QueryTypes.SELECT,
    transaction: transaction ?? null,
  });
  return row?.id;
}

/** Replaces the id of this database; its secret stays the same. Returns the new id. */
export async function renewInstallationId(
  sequelize: Sequelize,
  transaction: Transaction,
): Promise<string> {
  const id = randomUUID();
  const isKnown = (await findInstallationId(sequelize, transaction)) !== undefined;
  const statement = isKnown
    ? 'UPDATE installation SET id = ? WHERE only_row = 1'
    : 'INSERT INTO installation (only_row, id) VALUES (1, ?)';
  // @plant restored-id
  await sequelize.query(statement, { replacements: [id], transaction });
  return id;
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
