import { ContainerModule } from 'inversify';
import { SystemClock } from '../adapters/system/system-clock.js';
import { UuidV7Generator } from '../adapters/system/uuid-v7-generator.js';
import { Clock } from '../domain/ports/clock.js';
import { IdGenerator } from '../domain/ports/id-generator.js';

export const systemModule = new ContainerModule(({ bind }) => {
  bind(Clock).toConstantValue(new SystemClock());
  bind(IdGenerator).toConstantValue(new UuidV7Generator());
});
