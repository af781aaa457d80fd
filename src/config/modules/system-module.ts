import { ContainerModule } from 'inversify';
import { UuidV7Generator } from '../../adapters/system/uuid-v7-generator.js';
import { IdGenerator } from '../../domain/ports/id-generator.js';

export const systemModule = new ContainerModule(({ bind }) => {
  bind(IdGenerator).toConstantValue(new UuidV7Generator());
});
