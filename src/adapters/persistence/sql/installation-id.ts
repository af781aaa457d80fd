import { randomUUID } from 'node:crypto';
import { QueryTypes, type Sequelize } from 'sequelize';

/**
 * The id of this database, made when it is first asked for. What is kept of the database
 * elsewhere, as in a Redis that others use too, is kept under this name.
 */
export async function installationId(sequelize: Sequelize): Promise<string> {
  const known = await find(sequelize);
  if (known) return known;
  const insert = 'INSERT INTO installation (only_row, id) VALUES (1, ?)';
  const failure = await sequelize.query(insert, { replacements: [randomUUID()] }).then(
    () => undefined,
    (error: unknown) => error,
  );
  // Another instance that starts at the same time may have been first.
  const id = await find(sequelize);
  if (!id) throw failure;
  return id;
}

async function find(sequelize: Sequelize): Promise<string | undefined> {
  const type = QueryTypes.SELECT;
  const [row] = await sequelize.query<{ id: string }>('SELECT id FROM installation', { type });
  return row?.id;
}
