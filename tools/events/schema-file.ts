import path from 'node:path';
import { eventSchema } from '../../src/adapters/queue/events/event-schema.js';
import { projectRoot } from '../project-root.js';

/** Where the schema of the events is to be read without running the service. */
export const schemaFile = path.join(projectRoot, 'docs', 'events.schema.json');

/** What that file should hold. */
export function schemaText(): string {
  return `${JSON.stringify(eventSchema(), undefined, 2)}\n`;
}
