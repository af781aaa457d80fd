import { IdGenerator } from '../../domain/ports/id-generator.js';
import { uuidV7 } from './uuid-v7.js';

export class UuidV7Generator extends IdGenerator {
  override next(): string {
    return uuidV7();
  }
}
