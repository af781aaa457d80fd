import path from 'node:path';
import { eventSchema } from '../../src/adapters/queue/events/event-schema.js';
import { projectRoot } from '../project-root.js';

/** The published schema of the events. */
export const schemaFile = path.join(projectRoot, 'docs', 'events.schema.json');

/** The text that the file must have. */
export function schemaText(): string {
  return `${JSON.stringify(eventSchema(), undefined, 2)}\n`;
}
