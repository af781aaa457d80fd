import { v7 } from 'uuid';
import { IdGenerator } from '../../domain/ports/id-generator.js';

export class UuidV7Generator extends IdGenerator {
  override next(): string {
    return v7();
  }
}
