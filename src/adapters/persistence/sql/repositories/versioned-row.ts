import type { CreationAttributes, Model, ModelStatic, Transaction, WhereOptions } from 'sequelize';
import { ConcurrentUpdateError } from '../../../../domain/ports/failures.js';
import { isDuplicate } from '../sql-failures.js';

/**
 * Saves a row that nobody changed since it was read: version 0 is inserted, any other is updated
 * by compare-and-set on its version. The comparison, not a lock, is what keeps an update from
 * being lost. An update leaves the columns in `kept` as they are.
 *
 * @returns the row's new version
 * @throws ConcurrentUpdateError the row has another version by now, or its quota slot is taken
 */
export async function saveVersioned<Row extends { version: number }>(
  table: ModelStatic<Model<Row>>,
  row: Row,
  key: Partial<Row>,
  transaction: Transaction,
  kept: readonly (keyof Row)[] = [],
): Promise<number> {
  const version = row.version + 1;
  const next = { ...row, version };
  if (row.version === 0) {
    try {
      await table.create(next as CreationAttributes<Model<Row>>, { transaction });
    } catch (error) {
      if (!isDuplicate(error, 'quota_slot')) throw error;
      throw new ConcurrentUpdateError(`${table.name}: the quota slot is taken`, { cause: error });
    }
    return version;
  }
  const where = { ...key, version: row.version } as WhereOptions<Row>;
  const fields = (Object.keys(next) as (keyof Row)[]).filter((name) => !kept.includes(name));
  const [changed] = await table.update(next, { where, transaction, fields });
  if (changed !== 1) {
    throw new ConcurrentUpdateError(`${table.name} ${Object.values(key).join(' ')} has changed`);
  }
  return version;
}
