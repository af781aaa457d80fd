import { ContainerModule } from 'inversify';
import type { Logger } from 'pino';
import { installationId, installationSecret } from '../../adapters/persistence/sql/installation.js';
import { SqlClock } from '../../adapters/persistence/sql/sql-clock.js';
import { Clock } from '../../domain/ports/clock.js';
import { connectDatabase } from '../database/connect-database.js';
import { expectSchema, migrateSchema } from '../database/schema.js';
import type { Resources } from '../resources.js';
import type { Settings } from '../settings/settings.js';
import { bindSql, Installation } from './sql-bindings.js';

/** The database, with a schema that this version can use. */
export async function databaseModule(
  settings: Settings,
  resources: Resources,
  logger: Logger,
): Promise<ContainerModule> {
  const connected = await connectDatabase(settings, resources, logger);
  await (settings.MIGRATE ? migrateSchema(connected) : expectSchema(connected));
  const { database, transactions } = connected;
  const id = await installationId(database.sequelize);
  const secret = await installationSecret(database.sequelize);
  const clock = await SqlClock.start(database.sequelize);
  resources.defer(() => clock.stop());
  return new ContainerModule(({ bind }) => {
    bindSql(bind, database, transactions, new Installation(id, secret));
    bind(Clock).toConstantValue(clock);
  });
}
